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
}
