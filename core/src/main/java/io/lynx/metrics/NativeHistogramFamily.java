package io.lynx.metrics;

import io.lynx.metrics.MetricsConfig.Histograms;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** A histogram of the Prometheus library with exponential buckets, and also with fixed ones if configured. */
final class NativeHistogramFamily extends Family<Histogram> {
    private final io.prometheus.metrics.core.metrics.Histogram library;

    private NativeHistogramFamily(
            Metric metric,
            int maxSeries,
            io.prometheus.metrics.core.metrics.Histogram library,
            LongAdder negatives,
            boolean takesExemplars) {
        super(
                metric,
                maxSeries,
                labels -> new NativeHistogram(
                        library.labelValues(labels.toArray()), metric.unit(), negatives, takesExemplars));
        this.library = library;
    }

    /**
     * Creates it without series.
     *
     * @param form native or both
     * @param negatives counts the values below zero
     */
    static NativeHistogramFamily of(
            Metric metric, int maxSeries, Histograms form, LongAdder negatives, boolean takesExemplars) {
        var builder = io.prometheus.metrics.core.metrics.Histogram.builder()
                .name(metric.name())
                .help(metric.help())
                .labelNames(metric.labels().toArray(String[]::new));
        if (form == Histograms.NATIVE) {
            builder.nativeOnly();
        } else {
            builder.classicUpperBounds(
                    metric.buckets().stream().mapToDouble(Double::doubleValue).toArray());
        }
        var library = (takesExemplars ? builder.withExemplars() : builder.withoutExemplars()).build();
        return new NativeHistogramFamily(metric, maxSeries, library, negatives, takesExemplars);
    }

    @Override
    void forgotten(LabelValues labels) {
        library.remove(labels.toArray());
    }

    @Override
    MetricSnapshot snapshot(Map<LabelValues, Double> told) {
        HistogramSnapshot all = library.collect();
        return new HistogramSnapshot(
                all.getMetadata(),
                all.getDataPoints().stream()
                        .filter(point -> point.getCount() > 0)
                        .toList());
    }
}
