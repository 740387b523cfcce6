package io.lynx.metrics;

/**
 * Something that counts for itself and is asked when somebody looks: it costs nothing until then. Asked by one thread at a
 * time; what it throws loses its values of that scrape and is counted in {@code lynx_metrics_collector_errors_total}.
 */
@FunctionalInterface
public interface MetricSource {
    /** Tells all that it knows to {@code out}. */
    void collect(Samples out);
}
