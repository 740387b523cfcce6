package io.lynx.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Combines the failures of one task: the first is the cause, later ones are suppressed on it. Stateless. */
final class Failures {
    private Failures() {}

    /** Returns the failure that stands for both: {@code first} if there is one. */
    @SuppressWarnings("ReferenceEquality") // A throwable must not suppress itself, whatever its equals returns.
    static @Nullable Throwable join(@Nullable Throwable first, @Nullable Throwable later) {
        if (first == null) {
            return later;
        }
        if (later != null && later != first) {
            first.addSuppressed(later);
        }
        return first;
    }

    /** Returns the failure that stands for all; null if there is none. */
    static @Nullable Throwable join(List<Throwable> failures) {
        Throwable all = null;
        for (Throwable failure : failures) {
            all = join(all, failure);
        }
        return all;
    }
}
