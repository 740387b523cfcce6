package io.lynx.metrics;

import io.lynx.metrics.Metric.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One series of a histogram. Thread-safe. */
public sealed interface Histogram permits FixedHistogram, NativeHistogram, NoHistogram {
    /**
     * Records a value.
     *
     * @param value in nanoseconds, bytes or what the metric's {@link Unit} takes. A negative value counts as zero, and is
     *     counted in {@code lynx_metrics_collector_errors_total} with the metric as source; a value above 2^53 (104 days, 9 PB)
     *     counts as 2^53
     */
    void record(long value);

    /**
     * Records a value and keeps the trace that it belongs to as an exemplar of its bucket, if {@code lynx.metrics.exemplars}
     * is on. A bucket takes a new exemplar at most once a second.
     *
     * @param value as {@link #record(long)} takes it
     * @param traceId at most 64 letters and digits; otherwise there is no exemplar
     * @param spanId at most 64 letters and digits; null if there is none
     */
    default void record(long value, @Nullable String traceId, @Nullable String spanId) {
        record(value);
    }

    /** Records a duration, for a histogram of {@link Unit#SECONDS}. */
    default void record(Duration duration) {
        record(nanos(duration));
    }

    /** Returns {@code duration} in nanoseconds; the nearest number if it is out of their range. */
    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return duration.isNegative() ? -1 : Long.MAX_VALUE;
        }
    }

    /** Returns the number of values. */
    long count();

    /** Returns the sum of the values, in the unit exposed. */
    double sum();
}
