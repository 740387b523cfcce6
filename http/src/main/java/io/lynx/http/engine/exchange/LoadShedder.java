package io.lynx.http.engine.exchange;

import io.lynx.http.engine.routing.Route;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which requests cannot be answered in what is left of their time: those with less than the recent median of their route,
 * which is one method of a template. Thread-safe.
 *
 * <p>The median is estimated: each request that takes longer raises the estimate by a thirty-second, and each that takes less
 * lowers it, so it settles where half of them are on each side, and follows the last hundred or so. Updates of two threads at the same
 * time may lose one. One in sixteen of the requests to refuse is served all the same, so that a route that has recovered is noticed.
 */
final class LoadShedder {
    /** Before that many requests of a route, none is refused. */
    private static final int LEAST = 100;

    private static final int PROBE = 16;
    private static final int STEP = 5;

    private final ConcurrentHashMap<Key, Median> routes = new ConcurrentHashMap<>();

    /** A route is replaced when its plugin restarts; its method and its template stay. */
    private record Key(String method, String template) {
        static Key of(Route route) {
            return new Key(route.method(), route.template().text());
        }
    }

    private static final class Median {
        private final AtomicInteger refused = new AtomicInteger();
        private volatile long nanos;
        // Racy like the rest: a few more or fewer do not matter.
        private int seen;

        void add(long took) {
            long before = nanos;
            seen = Math.min(LEAST, seen + 1);
            if (before == 0) {
                nanos = Math.max(1, took);
            } else if (took > before) {
                nanos = before + (before >> STEP) + 1;
            } else if (took < before) {
                nanos = before - (before >> STEP);
            }
        }
    }

    /** Returns whether a request with {@code remaining} nanoseconds left is to be refused. */
    boolean refuses(Route route, long remaining) {
        Median median = routes.get(Key.of(route));
        return median != null
                && median.seen == LEAST
                && remaining < median.nanos
                && median.refused.incrementAndGet() % PROBE != 0;
    }

    /** A request was answered after {@code took} nanoseconds, or its time was over then. */
    void answered(Route route, long took) {
        routes.computeIfAbsent(Key.of(route), _ -> new Median()).add(took);
    }
}
