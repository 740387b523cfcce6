package io.lynx.event;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How many times, and after which pauses, an event is delivered again to a handler that threw. The pauses grow exponentially with
 * full jitter: each is drawn evenly from zero to its bound ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015), so
 * that subscriptions that failed together do not return together. Immutable.
 *
 * @param times how many deliveries follow the first; 0 to 1000
 * @param firstPause the bound of the first pause; at most {@code longestPause}
 * @param factor the factor from each bound to the next; 1 or more
 * @param longestPause the largest bound; at most 365 days
 */
record RedeliveryPolicy(int times, Duration firstPause, double factor, Duration longestPause) {
    private static final Duration MAX_PAUSE = Duration.ofDays(365);

    RedeliveryPolicy {
        if (times < 0 || times > 1_000) {
            throw new IllegalArgumentException("redeliveries: " + times + "; 0 to 1000 are allowed");
        }
        boolean isInRange = !firstPause.isNegative()
                && factor >= 1
                && firstPause.compareTo(longestPause) <= 0
                && longestPause.compareTo(MAX_PAUSE) <= 0;
        if (!isInRange) {
            throw new IllegalArgumentException("redelivery pauses: " + firstPause + ", growing by " + factor + " to "
                    + longestPause + "; 0 <= first <= longest <= 365 days and a factor of 1 or more are allowed");
        }
    }

    /** Returns a policy with that number of redeliveries, after up to 50 ms, doubling to up to 5 s. */
    static RedeliveryPolicy times(int times) {
        return new RedeliveryPolicy(times, Duration.ofMillis(50), 2, Duration.ofSeconds(5));
    }

    /** Returns the bound of the pause before redelivery {@code number}, which counts from 1. */
    Duration bound(int number) {
        double nanos = (double) firstPause.toNanos() * Math.pow(factor, number - 1);
        return Duration.ofNanos((long) Math.min(nanos, (double) longestPause.toNanos()));
    }

    Duration pause(int number, RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(bound(number).toNanos() + 1));
    }
}
