package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A counter and its series. */
final class CounterFamily extends Family<Counter> {
    private static final int SUFFIX = "_total".length();

    CounterFamily(Metric metric, int maxSeries) {
        super(metric, maxSeries, _ -> new Counter());
    }

    @Override
    CounterSnapshot snapshot(Map<LabelValues, Double> told) {
        Map<LabelValues, Double> values = values(told, Counter::count, Double::sum);
        List<CounterDataPointSnapshot> points = new ArrayList<>(values.size());
        values.forEach(
                (labels, value) -> points.add(new CounterDataPointSnapshot(value, labels.toLabels(metric()), null, 0)));
        String name = metric().name();
        return new CounterSnapshot(metadata(name.substring(0, name.length() - SUFFIX)), points);
    }
}
