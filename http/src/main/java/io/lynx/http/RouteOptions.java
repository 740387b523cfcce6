package io.lynx.http;

import io.lynx.config.Size;
import io.lynx.http.engine.interceptor.DescribingInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one route does differently from the server's configuration. Immutable; each {@code with} method returns a changed copy.
 *
 * @param isNonBlocking whether its handler runs on the event loop
 * @param mayBlock the requests for which it blocks all the same, and runs on a virtual thread
 * @param maxBodySize the largest body that it accepts; empty for the server's {@code max_body_size}
 * @param timeout how long a request may take until its answer begins; empty for the server's {@code request_timeout}, zero for
 *     no limit
 * @param isInterruptedWhenCancelled whether the handler's thread is interrupted when the request is cancelled
 * @param interceptors what it changes about the interceptors of its groups
 */
public record RouteOptions(
        boolean isNonBlocking,
        Predicate<? super Request> mayBlock,
        Optional<Size> maxBodySize,
        Optional<Duration> timeout,
        boolean isInterruptedWhenCancelled,
        List<InterceptorChange> interceptors) {
    @SuppressWarnings("UnnecessaryLambda") // Options are equal if they have the same predicate.
    private static final Predicate<Request> NEVER = _ -> false;

    private static final RouteOptions DEFAULTS =
            new RouteOptions(false, NEVER, Optional.empty(), Optional.empty(), false, List.of());

    /**
     * Options with these components.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public RouteOptions {
        if (timeout.isPresent() && timeout.get().isNegative()) {
            throw new IllegalArgumentException("route timeout: " + timeout.get() + "; zero or more");
        }
        interceptors = List.copyOf(interceptors);
    }

    /** Returns the options of a route that follows the server's configuration. */
    public static RouteOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns the options of a route whose handler never blocks and runs on the event loop. The body is read before the handler
     * runs and may have 256 KiB at most.
     */
    public static RouteOptions nonBlocking() {
        return new RouteOptions(true, NEVER, Optional.empty(), Optional.empty(), false, List.of());
    }

    /**
     * Returns the options of a route that follows the server's configuration, with a description of what it does. It is
     * called when a document is made, such as that of OpenAPI.
     */
    public static RouteOptions describe(Consumer<? super RouteDescription> description) {
        return DEFAULTS.withDescription(description);
    }

    /** Returns a copy with a description of what the route does; see {@link #describe}. */
    public RouteOptions withDescription(Consumer<? super RouteDescription> description) {
        return with(InterceptorChange.add(new DescribingInterceptor(description)));
    }

    /**
     * Returns a copy whose handler runs on a virtual thread for the requests that {@code mayBlock} accepts, and on the event loop
     * for all others. The predicate runs on the event loop.
     */
    public RouteOptions withBlockingFor(Predicate<? super Request> mayBlock) {
        return new RouteOptions(
                isNonBlocking, mayBlock, maxBodySize, timeout, isInterruptedWhenCancelled, interceptors);
    }

    /** Returns a copy that accepts bodies of at most this many bytes. */
    public RouteOptions withMaxBodySize(long bytes) {
        return new RouteOptions(
                isNonBlocking,
                mayBlock,
                Optional.of(new Size(bytes)),
                timeout,
                isInterruptedWhenCancelled,
                interceptors);
    }

    /**
     * Returns a copy with a time-out of its own; zero for no limit.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RouteOptions withTimeout(Duration time) {
        return new RouteOptions(
                isNonBlocking, mayBlock, maxBodySize, Optional.of(time), isInterruptedWhenCancelled, interceptors);
    }

    /**
     * Returns a copy whose handler's thread is interrupted when the client goes away or the request exceeds its time. An
     * interrupt closes the socket that a virtual thread is blocked on, a database connection for example. Without it the
     * handler continues and can test {@link Request#isCancelled}.
     */
    public RouteOptions interruptWhenCancelled() {
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout, true, interceptors);
    }

    /**
     * Returns a copy with another interceptor around this route alone: in the place of the one of that name, or inside all
     * others if there is none.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public RouteOptions withInterceptor(String name, Interceptor interceptor) {
        return with(InterceptorChange.put(name, interceptor));
    }

    /**
     * Returns a copy without the interceptor of that name; has no effect if there is none.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public RouteOptions withoutInterceptor(String name) {
        return with(InterceptorChange.remove(name));
    }

    /** Returns a copy with this rule in place of those of its groups and the server: who may call the route. */
    public RouteOptions withAccess(AccessRule rule) {
        return withInterceptor(StandardInterceptors.AUTHORIZATION, rule);
    }

    /** A copy with what is known about a handler; the description of the route comes after it and so has the last word. */
    RouteOptions describedBy(TypedHandler handler) {
        List<InterceptorChange> changes = new ArrayList<>();
        changes.add(InterceptorChange.add(new DescribingInterceptor(handler.description())));
        changes.addAll(interceptors);
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout, isInterruptedWhenCancelled, changes);
    }

    private RouteOptions with(InterceptorChange change) {
        List<InterceptorChange> changes = new ArrayList<>(interceptors);
        changes.add(change);
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout, isInterruptedWhenCancelled, changes);
    }
}
