package io.lynx.http;

import io.lynx.config.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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
 * @param removedInterceptors the names of interceptors of its groups that do not surround it
 */
public record RouteOptions(
        boolean isNonBlocking,
        Predicate<? super Request> mayBlock,
        Optional<Size> maxBodySize,
        Optional<Duration> timeout,
        boolean isInterruptedWhenCancelled,
        Set<String> removedInterceptors) {
    @SuppressWarnings("UnnecessaryLambda") // Options are equal if they have the same predicate.
    private static final Predicate<Request> NEVER = _ -> false;

    private static final RouteOptions DEFAULTS =
            new RouteOptions(false, NEVER, Optional.empty(), Optional.empty(), false, Set.of());

    /**
     * Options with these components.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public RouteOptions {
        if (timeout.isPresent() && timeout.get().isNegative()) {
            throw new IllegalArgumentException("route timeout: " + timeout.get() + "; zero or more");
        }
        removedInterceptors = Set.copyOf(removedInterceptors);
    }

    /** A route that follows the server's configuration. */
    public static RouteOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A route whose handler never blocks and runs on the event loop. Its body is read before and may have 256 KiB at most.
     */
    public static RouteOptions nonBlocking() {
        return new RouteOptions(true, NEVER, Optional.empty(), Optional.empty(), false, Set.of());
    }

    /**
     * Returns a copy whose handler runs on a virtual thread for the requests that {@code mayBlock} accepts, and on the event loop
     * for all others. The predicate runs on the event loop.
     */
    public RouteOptions withBlockingFor(Predicate<? super Request> mayBlock) {
        return new RouteOptions(
                isNonBlocking, mayBlock, maxBodySize, timeout, isInterruptedWhenCancelled, removedInterceptors);
    }

    /** With bodies of at most {@code bytes}. */
    public RouteOptions withMaxBodySize(long bytes) {
        return new RouteOptions(
                isNonBlocking,
                mayBlock,
                Optional.of(new Size(bytes)),
                timeout,
                isInterruptedWhenCancelled,
                removedInterceptors);
    }

    /**
     * With a time-out of its own; zero for no limit.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RouteOptions withTimeout(Duration time) {
        return new RouteOptions(
                isNonBlocking,
                mayBlock,
                maxBodySize,
                Optional.of(time),
                isInterruptedWhenCancelled,
                removedInterceptors);
    }

    /**
     * With an interrupt of the handler's thread when the client goes away or the request exceeds its time. An interrupt closes
     * the socket that a virtual thread is blocked on, a database connection for example; without it, the handler runs on and can
     * test {@link Request#isCancelled}.
     */
    public RouteOptions interruptWhenCancelled() {
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout, true, removedInterceptors);
    }

    /** Without the interceptor of that name that its groups have; no effect if there is none. */
    public RouteOptions withoutInterceptor(String name) {
        Set<String> removed = new HashSet<>(removedInterceptors);
        removed.add(name);
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout, isInterruptedWhenCancelled, removed);
    }
}
