package io.lynx.http;

import org.jspecify.annotations.Nullable;

/**
 * A step of describing the interceptors around a server's, a group's or a route's requests: it adds one, or replaces or removes
 * the one of its name. Immutable.
 *
 * @param name empty for an interceptor that cannot be replaced or removed
 * @param interceptor null to remove
 */
public record InterceptorChange(String name, @Nullable Interceptor interceptor) {
    /**
     * A change with these components.
     *
     * @throws IllegalArgumentException if it removes and names nothing
     */
    public InterceptorChange {
        if (interceptor == null && name.isEmpty()) {
            throw nameless();
        }
    }

    /** Adds an interceptor without a name. */
    static InterceptorChange add(Interceptor interceptor) {
        return new InterceptorChange("", interceptor);
    }

    /**
     * Adds an interceptor, or replaces the one of that name.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    static InterceptorChange put(String name, Interceptor interceptor) {
        if (name.isEmpty()) {
            throw nameless();
        }
        return new InterceptorChange(name, interceptor);
    }

    /**
     * Removes the interceptor of that name.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    static InterceptorChange remove(String name) {
        return new InterceptorChange(name, null);
    }

    private static IllegalArgumentException nameless() {
        return new IllegalArgumentException("interceptor: its name is empty; a short word such as 'authentication'");
    }
}
