package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** A histogram and its series. */
final class HistogramFamily extends Family<StripedHistogram> {
    HistogramFamily(Metric metric, int maxSeries, LongAdder negatives) {
        super(metric, maxSeries, _ -> new StripedHistogram(metric, negatives));
    }

    @Override
    HistogramSnapshot snapshot(Map<LabelValues, Double> told) {
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        series().forEach((labels, histogram) -> points.add(new HistogramDataPointSnapshot(
                histogram.buckets(), histogram.sum(), labels.toLabels(metric()), Exemplars.EMPTY, 0)));
        return new HistogramSnapshot(metadata(metric().name()), points);
    }
}
