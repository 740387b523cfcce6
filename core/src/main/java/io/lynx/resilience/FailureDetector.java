package io.lynx.resilience;

import io.lynx.time.Ticker;

/**
 * Counts the results of a closed breaker and decides when to open it. It trips once and permanently: from then on nothing is
 * recorded. Every result takes effect at one instant, the tripping one included, so that a caller that finds the detector not
 * tripped comes before the result that trips it. Lock-free, allocation-free and thread-safe.
 */
abstract sealed class FailureDetector permits ConsecutiveFailures, CountWindow, TimeWindow {
    /**
     * The number of results that a detector holds.
     *
     * @param calls all of them
     */
    record CallCounts(long calls, long failures, long slow) {}

    /** Returns a detector for a new closed state. */
    static FailureDetector of(CircuitBreakerConfig config, Ticker ticker) {
        return config.window()
                .<FailureDetector>map(window -> switch (window) {
                    case WindowConfig.Count count -> new CountWindow(count, true, ticker);
                    case WindowConfig.Time time -> new TimeWindow(time, true, ticker);
                })
                .orElseGet(() -> new ConsecutiveFailures(config.threshold()));
    }

    /** Returns a detector that never trips. */
    static FailureDetector watching(CircuitBreakerConfig config, Ticker ticker) {
        return config.window()
                .<FailureDetector>map(window -> switch (window) {
                    case WindowConfig.Count count -> new CountWindow(count, false, ticker);
                    case WindowConfig.Time time -> new TimeWindow(time, false, ticker);
                })
                .orElseGet(() -> new ConsecutiveFailures(Integer.MAX_VALUE));
    }

    /** Returns whether {@link #begin} reads the clock, so that each call has a reading of its own. */
    abstract boolean timesCalls();

    /** Returns a reading to pass to {@link #record}; 0 if calls are not timed. */
    abstract long begin();

    /**
     * Records a result.
     *
     * @param begun the reading of {@link #begin} before the call
     * @return whether the detector has tripped, by this result or before
     */
    abstract boolean record(boolean failed, long begun);

    /** Returns whether a result has tripped it. */
    abstract boolean tripped();

    abstract CallCounts counts();
}
