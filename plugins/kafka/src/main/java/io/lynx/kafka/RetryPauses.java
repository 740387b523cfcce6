package io.lynx.kafka;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses before a failed record is handled again. They grow exponentially with full jitter: each is drawn evenly from zero to its bound
 * ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015). Immutable.
 *
 * @param first the bound of the first pause
 * @param longest the largest bound
 */
record RetryPauses(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 40;

    /** Returns the bound of the pause after that number of failures, from 1. */
    Duration bound(int failures) {
        double nanos = (double) first.toNanos() * Math.pow(2, Math.min(failures - 1, MOST_DOUBLINGS));
        return Duration.ofNanos((long) Math.min(nanos, (double) longest.toNanos()));
    }

    Duration pause(int failures, RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(bound(failures).toNanos() + 1));
    }
}
