package io.lynx.event;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often, and after which pauses, an event is given again to a handler that threw. The pauses grow exponentially and
 * are jittered in full: each is drawn evenly from zero to its bound ("Exponential Backoff and Jitter", AWS Architecture
 * Blog, 2015), so that subscribers that failed together do not return together. Immutable.
 *
 * @param times how often it is tried again after the first attempt; zero or more
 * @param firstPause the bound of the first pause
 * @param factor what each further bound is multiplied by; 1 or more
 * @param longestPause no bound grows beyond it
 */
public record RedeliveryPolicy(int times, Duration firstPause, double factor, Duration longestPause) {
    /** Not at all: what fails goes to the dead letters. */
    public static final RedeliveryPolicy NEVER = times(0);

    /** @throws IllegalArgumentException if a value is out of its range */
    public RedeliveryPolicy {
        if (times < 0 || times > 1_000) {
            throw new IllegalArgumentException("retries: " + times + "; 0 to 1000 are allowed");
        }
        if (firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses of retries: " + firstPause + " to " + longestPause
                    + "; the first is zero or more, the longest no shorter");
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor of retries: " + factor + "; 1 or more is allowed");
        }
    }

    /** That often, after up to 50 ms, doubling to up to 5 s. */
    public static RedeliveryPolicy times(int times) {
        return new RedeliveryPolicy(times, Duration.ofMillis(50), 2, Duration.ofSeconds(5));
    }

    /** The same with other pauses. */
    public RedeliveryPolicy pauses(Duration first, double by, Duration longest) {
        return new RedeliveryPolicy(times, first, by, longest);
    }

    /** The bound of the pause before retry {@code number}, which counts from 1. */
    Duration bound(int number) {
        double nanos = (double) firstPause.toNanos() * Math.pow(factor, number - 1);
        return Duration.ofNanos((long) Math.min(nanos, (double) longestPause.toNanos()));
    }

    Duration pause(int number, RandomGenerator random) {
        long bound = bound(number).toNanos();
        return bound == 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(bound + 1));
    }
}
