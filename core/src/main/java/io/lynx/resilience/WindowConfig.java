package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * A sliding window of results whose rates open a circuit breaker, in place of a number of consecutive failures.
 *
 * <p>Rates are shares from above 0 to 1. They are evaluated with each result, successes included, once the window holds
 * {@code minimumCalls}. Immutable.
 */
public sealed interface WindowConfig {
    /** Returns the rates that open the breaker. */
    Limits limits();

    /**
     * The most recent {@code size} results.
     *
     * @param size 1 to 10,000
     */
    record Count(int size, Limits limits) implements WindowConfig {
        static final int MOST = 10_000;
    }

    /**
     * The results within the most recent {@code size}, which are forgotten in steps of a tenth of it.
     *
     * @param size 10 ms to 1 day
     */
    record Time(Duration size, Limits limits) implements WindowConfig {
        static final int SLICES = 10;
        static final Duration SHORTEST = Duration.ofMillis(10);
        static final Duration LONGEST = Duration.ofDays(1);
    }

    /**
     * The rates that open the breaker.
     *
     * @param minimumCalls results that the window must hold before rates count, at least 1
     * @param failureRate the share of failures that opens, above 0 to 1
     * @param slowCallDuration duration from which a call is slow, at most 1 day; empty to time no calls
     * @param slowCallRate the share of slow calls that opens, above 0 to 1
     */
    record Limits(int minimumCalls, double failureRate, Optional<Duration> slowCallDuration, double slowCallRate) {
        /** Returns limits without slow calls. */
        public static Limits of(int minimumCalls, double failureRate) {
            return new Limits(minimumCalls, failureRate, Optional.empty(), 1);
        }

        /** Returns these limits and a share of slow calls. */
        public Limits withSlowCalls(Duration duration, double rate) {
            return new Limits(minimumCalls, failureRate, Optional.of(duration), rate);
        }

        /** Returns whether a window with these counts opens the breaker. */
        boolean exceededBy(long calls, long failures, long slow) {
            return calls >= minimumCalls
                    && (reaches(failures, calls, failureRate) || reaches(slow, calls, slowCallRate));
        }

        /** Returns the least number of slow calls, of {@code calls} in all, that reaches the slow call rate. */
        int slowOf(int calls) {
            int slow = 1;
            while (slow < calls && !reaches(slow, calls, slowCallRate)) {
                slow++;
            }
            return slow;
        }

        /** A quotient, since it is rounded as the rate's literal was: 7 of 100 is 0.07, but 0.07 × 100 is above 7. */
        private static boolean reaches(long part, long calls, double rate) {
            return part > 0 && part / (double) calls >= rate;
        }
    }

    /** Returns a window of the most recent {@code size} results that opens at {@code failureRate} once it is full. */
    static WindowConfig count(int size, double failureRate) {
        return new Count(size, Limits.of(size, failureRate));
    }

    /** Returns a window of the time {@code size} that opens at {@code failureRate} of at least {@code minimumCalls}. */
    static WindowConfig time(Duration size, int minimumCalls, double failureRate) {
        return new Time(size, Limits.of(minimumCalls, failureRate));
    }

    /** Adds values out of range to {@code problems}. */
    default void check(Problems problems) {
        switch (this) {
            case Count(int size, Limits limits) -> {
                problems.unless(size >= 1 && size <= Count.MOST, "window.size", size, "1 to " + Count.MOST + " calls");
                problems.unless(
                        limits.minimumCalls() >= 1 && limits.minimumCalls() <= Math.max(1, size),
                        "window.minimum_calls",
                        limits.minimumCalls(),
                        "1 to the window's size (" + size + ")");
            }
            case Time(Duration size, Limits limits) -> {
                problems.within("window.size", size, Time.SHORTEST, Time.LONGEST);
                problems.unless(
                        limits.minimumCalls() >= 1, "window.minimum_calls", limits.minimumCalls(), "at least 1");
            }
        }
        problems.rate("window.failure_rate", limits().failureRate());
        problems.rate("window.slow_call_rate", limits().slowCallRate());
        limits().slowCallDuration()
                .ifPresent(duration ->
                        problems.within("window.slow_call_duration", duration, Duration.ofNanos(1), Time.LONGEST));
    }
}
