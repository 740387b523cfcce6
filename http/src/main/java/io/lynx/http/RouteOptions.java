package io.lynx.http;

import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one route does differently from the server's configuration. Immutable; each method gives a changed copy.
 *
 * @param isNonBlocking whether its handler runs on the event loop
 * @param mayBlock the requests for which it blocks all the same, and runs on a virtual thread
 * @param maxBodySize the largest body it takes; empty for the server's {@code max_body_size}
 * @param timeout how long a request may take until its answer begins; empty for the server's {@code request_timeout},
 *     zero for no limit
 */
public record RouteOptions(
        boolean isNonBlocking,
        Predicate<? super Request> mayBlock,
        Optional<Size> maxBodySize,
        Optional<Duration> timeout) {
    private static final Predicate<Request> NEVER = _ -> false;
    private static final RouteOptions DEFAULTS = new RouteOptions(false, NEVER, Optional.empty(), Optional.empty());

    /**
     * What the components say.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public RouteOptions {
        if (timeout.isPresent() && timeout.get().isNegative()) {
            throw new IllegalArgumentException("route timeout: " + timeout.get() + "; zero or more");
        }
    }

    /** A route that does as the server is configured. */
    public static RouteOptions defaults() {
        return DEFAULTS;
    }

    /** A route whose handler never blocks and runs on the event loop, its body (if any) read before. */
    public static RouteOptions nonBlocking() {
        return new RouteOptions(true, NEVER, Optional.empty(), Optional.empty());
    }

    /**
     * Returns a copy whose handler runs on a virtual thread for the requests that {@code mayBlock} accepts, and on the event loop
     * for all others. The predicate runs on the event loop.
     */
    public RouteOptions withBlockingFor(Predicate<? super Request> mayBlock) {
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, timeout);
    }

    boolean isNonBlocking(Request request) {
        return isNonBlocking && !mayBlock.test(request);
    }

    /** With bodies of at most {@code bytes}. */
    public RouteOptions withMaxBodySize(long bytes) {
        return new RouteOptions(isNonBlocking, mayBlock, Optional.of(new Size(bytes)), timeout);
    }

    /**
     * With a time of its own; zero for no limit.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RouteOptions withTimeout(Duration time) {
        return new RouteOptions(isNonBlocking, mayBlock, maxBodySize, Optional.of(time));
    }
}
