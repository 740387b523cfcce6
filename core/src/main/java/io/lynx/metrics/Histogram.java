package io.lynx.metrics;

import java.time.Duration;

/** One series of a histogram. Thread-safe. */
public interface Histogram {
    /**
     * Counts a value.
     *
     * @param value in nanoseconds, bytes or whatever the metric's {@link Unit} takes; below zero counts as zero, and
     *     {@code lynx_metrics_collector_errors_total} says so
     */
    void record(long value);

    /** Counts a duration; for a histogram of {@link Unit#SECONDS}. One of more than 292 years counts as that. */
    default void record(Duration duration) {
        long nanos;
        try {
            nanos = duration.toNanos();
        } catch (ArithmeticException tooLong) {
            nanos = duration.isNegative() ? -1 : Long.MAX_VALUE;
        }
        record(nanos);
    }

    /** How many values it has counted. */
    long count();

    /** The sum of its values, in the unit shown. */
    double sum();
}
