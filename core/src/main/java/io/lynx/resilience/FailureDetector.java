package io.lynx.resilience;

import io.lynx.time.Ticker;

/**
 * What a closed breaker knows of its calls, and when that is too much. It trips once and for good: from then on nothing
 * is recorded. Every result takes effect at one instant, the tripping one included, so a caller that sees the detector
 * not tripped comes before the result that trips it. Lock-free, allocation-free and thread-safe.
 */
abstract sealed class FailureDetector permits ConsecutiveFailures, CountWindow, TimeWindow {
    /**
     * The results that a detector holds.
     *
     * @param calls all of them
     */
    record Tally(long calls, long failures, long slow) {}

    /** A detector for a new closed state. */
    static FailureDetector of(CircuitBreakerConfig config, Ticker ticker) {
        return config.window()
                .<FailureDetector>map(window -> switch (window) {
                    case WindowConfig.Count count -> new CountWindow(count, true, ticker);
                    case WindowConfig.Time time -> new TimeWindow(time, true, ticker);
                })
                .orElseGet(() -> new ConsecutiveFailures(config.threshold()));
    }

    /** A detector that never trips. */
    static FailureDetector watching(CircuitBreakerConfig config, Ticker ticker) {
        return config.window()
                .<FailureDetector>map(window -> switch (window) {
                    case WindowConfig.Count count -> new CountWindow(count, false, ticker);
                    case WindowConfig.Time time -> new TimeWindow(time, false, ticker);
                })
                .orElseGet(() -> new ConsecutiveFailures(Integer.MAX_VALUE));
    }

    /** Whether {@link #begin} reads the clock, so that each call has a reading of its own. */
    abstract boolean timesCalls();

    /** A reading to give to {@link #record}; 0 if calls are not timed. */
    abstract long begin();

    /**
     * Takes a result.
     *
     * @param begun the reading of {@link #begin} before the call
     * @return whether the detector has tripped, by this result or before
     */
    abstract boolean record(boolean failed, long begun);

    /** Whether a result has tripped it. */
    abstract boolean tripped();

    abstract Tally tally();
}
