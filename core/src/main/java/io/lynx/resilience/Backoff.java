package io.lynx.resilience;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The waits between the attempts of a retry: a random time up to a bound that grows with each attempt ("full jitter":
 * M. Brooker, Exponential Backoff And Jitter, 2015). Immutable and thread-safe.
 *
 * @param random numbers from 0 to below 1
 */
record Backoff(Duration initialDelay, Duration maxDelay, double multiplier, DoubleSupplier random) {
    /** Reports what is out of range. */
    void check(Problems problems) {
        problems.within("initial_delay", initialDelay, Duration.ZERO, Duration.ofHours(1));
        problems.within("max_delay", maxDelay, initialDelay, Duration.ofHours(1));
        problems.unless(multiplier >= 1 && multiplier <= 100, "multiplier", multiplier, "1 to 100");
    }

    /** Returns the wait after the attempt of this number, counted from 1. */
    Duration after(int attempt) {
        double bound =
                Math.min((double) maxDelay.toNanos(), initialDelay.toNanos() * Math.pow(multiplier, attempt - 1));
        return Duration.ofNanos((long) (random.getAsDouble() * bound));
    }

    /** Returns whether the server requests a longer wait than is allowed; then no further attempt is made. */
    boolean isTooLong(Duration delay) {
        return delay.compareTo(maxDelay) > 0;
    }
}
