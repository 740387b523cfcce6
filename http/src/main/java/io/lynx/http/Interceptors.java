package io.lynx.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The interceptors of a server, which surround every request that has a readable head: those that a route answers, and those
 * that the server answers itself or refuses. {@link StandardInterceptors} has the names with a place of their own. Not
 * thread-safe.
 */
public final class Interceptors {
    private final List<InterceptorChange> changes = new ArrayList<>();

    Interceptors() {}

    /** Adds an interceptor behind those added before it. */
    public Interceptors add(Interceptor interceptor) {
        changes.add(InterceptorChange.add(interceptor));
        return this;
    }

    /**
     * Adds an interceptor, or replaces the one of that name. A group or a route can replace it in turn, or remove it.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public Interceptors add(String name, Interceptor interceptor) {
        changes.add(InterceptorChange.put(name, interceptor));
        return this;
    }

    /**
     * Removes the interceptor of that name; has no effect if there is none.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public Interceptors remove(String name) {
        changes.add(InterceptorChange.remove(name));
        return this;
    }

    List<InterceptorChange> changes() {
        return List.copyOf(changes);
    }
}
