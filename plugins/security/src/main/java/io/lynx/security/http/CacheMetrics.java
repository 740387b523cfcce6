package io.lynx.security.http;

import io.lynx.metrics.Counter;

/**
 * Counts the look-ups in one cache.
 *
 * @param hits those that found a result
 * @param misses those that needed a check
 */
record CacheMetrics(Counter hits, Counter misses) {
    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }
}
