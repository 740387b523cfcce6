package io.lynx.metrics;

import io.lynx.extension.ExtensionPoint;

/**
 * A source of values that are read only at a scrape, so that they cost nothing until then. It is polled by one thread at a time.
 * If it throws or exceeds its time, its values are missing from that scrape and counted in
 * {@code lynx_metrics_collector_errors_total}.
 */
@FunctionalInterface
@ExtensionPoint(thread = "a platform thread of the scrape", deadline = "two seconds, five for all sources together")
public interface MetricSource {
    /** Adds all of its values to {@code out}. */
    void collect(Samples out);

    /** Takes the values of a {@link MetricSource}. Not thread-safe; must not be used after the source has returned. */
    @FunctionalInterface
    interface Samples {
        /**
         * Adds the present value of one series. If a series is added twice, or is also recorded through a handle, the values
         * of a counter are summed; of other metrics the last one counts. Beyond {@code lynx.metrics.max_series}, counters are
         * summed in one series, and gauges are left out.
         *
         * @param metric a counter, gauge or info
         * @throws IllegalArgumentException if it is a histogram, there are more or fewer values than labels, or the name
         *     belongs to another metric
         */
        void add(Metric metric, double value, String... labelValues);
    }
}
