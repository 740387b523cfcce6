package io.lynx.grpc.engine;

import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the calls of a server: the interceptors that were added, and which of the built-in ones remain. Not changed once
 * the server runs, and then thread-safe.
 */
public final class InterceptorPlan {
    private final List<String> order;
    private final List<Named> added = new ArrayList<>();

    /** The built-in ones that were removed or replaced. */
    private final Set<String> withoutBuiltIn = new HashSet<>();

    private record Named(String name, ServerInterceptor interceptor) {}

    /** A plan without interceptors of users, and with all that are built in. */
    public InterceptorPlan(List<String> order) {
        this.order = order;
    }

    /** Adds an interceptor; replaces that of the same name unless the name is empty. */
    public void add(String name, ServerInterceptor interceptor) {
        if (!name.isEmpty()) {
            remove(name);
        }
        added.add(new Named(name, interceptor));
    }

    /** Removes the interceptor of that name. */
    public void remove(String name) {
        withoutBuiltIn.add(name);
        added.removeIf(each -> each.name().equals(name));
    }

    /** Whether the built-in interceptor of that name is there. */
    boolean hasBuiltIn(String name) {
        return !withoutBuiltIn.contains(name);
    }

    /**
     * The interceptors around a service, the outermost first.
     *
     * @param name the place of the built-in one among them
     * @param builtIn null if there is none, or it was removed or replaced
     */
    List<ServerInterceptor> around(String name, @Nullable ServerInterceptor builtIn) {
        List<Named> all = new ArrayList<>(added);
        if (builtIn != null) {
            all.add(new Named(name, builtIn));
        }
        all.sort(Comparator.comparingInt(each -> rank(each.name())));
        return all.stream().map(Named::interceptor).toList();
    }

    private int rank(String name) {
        int rank = order.indexOf(name);
        return rank < 0 ? order.size() : rank;
    }
}
