package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A histogram with fixed buckets and its series. A series is exposed from its first value on. */
final class HistogramFamily extends Family<Histogram> {
    private HistogramFamily(
            Metric metric, int maxSeries, Bounds bounds, LongAdder negatives, @Nullable InstantSource clock) {
        super(metric, maxSeries, _ -> new FixedHistogram(bounds, negatives, clock));
    }

    /**
     * Creates it without series.
     *
     * @param negatives counts the values below zero
     * @param clock dates exemplars; null if there are none
     */
    static HistogramFamily of(Metric metric, int maxSeries, LongAdder negatives, @Nullable InstantSource clock) {
        return new HistogramFamily(metric, maxSeries, new Bounds(metric), negatives, clock);
    }

    @Override
    HistogramSnapshot snapshot(Map<LabelValues, Double> told) {
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        series().forEach((labels, histogram) -> {
            if (histogram instanceof FixedHistogram fixed && fixed.count() > 0) {
                points.add(new HistogramDataPointSnapshot(
                        fixed.buckets(), fixed.sum(), labels.toLabels(metric()), fixed.exemplars(), 0));
            }
        });
        return new HistogramSnapshot(metadata(metric().name()), points);
    }
}
