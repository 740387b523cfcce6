package io.lynx.http.engine;

import io.lynx.http.Interceptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of describing the interceptors of a group or a route: it adds one, or replaces or removes the one of that name.
 *
 * @param name empty for an interceptor that cannot be replaced or removed
 * @param interceptor null to remove
 */
public record InterceptorChange(String name, @Nullable Interceptor interceptor) {
    /** The interceptors that remain after {@code changes}, outermost first. */
    static List<Interceptor> apply(List<InterceptorChange> changes) {
        List<InterceptorChange> present = new ArrayList<>();
        for (InterceptorChange change : changes) {
            int known = change.name().isEmpty() ? -1 : indexOf(present, change.name());
            if (change.interceptor() == null) {
                if (known >= 0) {
                    present.remove(known);
                }
            } else if (known >= 0) {
                present.set(known, change);
            } else {
                present.add(change);
            }
        }
        List<Interceptor> result = new ArrayList<>(present.size());
        for (InterceptorChange change : present) {
            if (change.interceptor() != null) {
                result.add(change.interceptor());
            }
        }
        return result;
    }

    private static int indexOf(List<InterceptorChange> changes, String name) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
