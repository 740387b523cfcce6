package io.lynx.metrics;

import io.lynx.metrics.Metric.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One series of a histogram. Thread-safe. */
public sealed interface Histogram permits FixedHistogram, NativeHistogram, NoHistogram {
    /**
     * Counts a value.
     *
     * @param value in nanoseconds, bytes or whatever the metric's {@link Unit} takes; below zero counts as zero, and
     *     {@code lynx_metrics_collector_errors_total} says so with the metric as source; above 2^53 (104 days, 9 PB) counts
     *     as that
     */
    void record(long value);

    /**
     * Counts a value, and remembers the trace that it belongs to as an example of its bucket, if {@code
     * lynx.metrics.exemplars} is on. A bucket takes a new example once a second at most.
     *
     * @param value as {@link #record(long)} takes it
     * @param traceId letters and digits, 64 at most; else there is no example
     * @param spanId letters and digits, 64 at most; null if there is none
     */
    default void record(long value, @Nullable String traceId, @Nullable String spanId) {
        record(value);
    }

    /** Counts a duration; for a histogram of {@link Unit#SECONDS}. */
    default void record(Duration duration) {
        record(nanos(duration));
    }

    /** {@code duration} in nanoseconds, the nearest there are if it is too long for them. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? -1 : Long.MAX_VALUE;
        }
    }

    /** How many values it has counted. */
    long count();

    /** The sum of its values, in the unit shown. */
    double sum();
}
