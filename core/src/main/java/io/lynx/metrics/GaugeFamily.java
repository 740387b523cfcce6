package io.lynx.metrics;

import io.lynx.metrics.Metric.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A gauge or an info and its series. Series beyond the bound are left out, since one state cannot stand for many. */
final class GaugeFamily extends Family<Gauge> {
    private static final int SUFFIX = "_info".length();

    GaugeFamily(Metric metric, int maxSeries) {
        super(metric, maxSeries, _ -> new Gauge());
    }

    @Override
    boolean folds() {
        return false;
    }

    @Override
    MetricSnapshot snapshot(Map<LabelValues, Double> told) {
        Map<LabelValues, Double> values = values(told, Gauge::value, (_, last) -> last);
        return metric().type() == MetricType.INFO ? info(values) : gauge(values);
    }

    private GaugeSnapshot gauge(Map<LabelValues, Double> values) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>(values.size());
        values.forEach(
                (labels, value) -> points.add(new GaugeDataPointSnapshot(value, labels.toLabels(metric()), null)));
        return new GaugeSnapshot(metadata(metric().name()), points);
    }

    private InfoSnapshot info(Map<LabelValues, Double> values) {
        List<InfoDataPointSnapshot> points = new ArrayList<>(values.size());
        values.keySet().forEach(labels -> points.add(new InfoDataPointSnapshot(labels.toLabels(metric()))));
        String name = metric().name();
        return new InfoSnapshot(metadata(name.substring(0, name.length() - SUFFIX)), points);
    }
}
