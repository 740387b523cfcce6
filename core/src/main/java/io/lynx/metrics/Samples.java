package io.lynx.metrics;

/** Takes the values of a {@link MetricSource}. Not thread-safe; of no use once the source has returned. */
@FunctionalInterface
public interface Samples {
    /**
     * The value of one series just now. One that is told twice, or is also counted by a handle, is added up if it belongs
     * to a counter; else the last word stands. Beyond {@code lynx.metrics.max_series}, counters are added up in one series,
     * and gauges are left out.
     *
     * @param metric a counter, gauge or info
     * @throws IllegalArgumentException if it is a histogram, there are more or fewer values than labels, or the name
     *     belongs to another metric
     */
    void add(Metric metric, double value, String... labelValues);
}
