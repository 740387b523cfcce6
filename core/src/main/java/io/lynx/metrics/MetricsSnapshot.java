package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All metrics as plain values. Immutable.
 *
 * @param at when it was taken
 * @param series every series, by the name of its metric
 */
public record MetricsSnapshot(Instant at, Map<String, List<Series>> series) {
    /** Copies the series. */
    public MetricsSnapshot {
        series = Map.copyOf(series);
    }

    /**
     * A series.
     *
     * @param labels its labels, in no order
     * @param value its value; of a histogram, the number of its values
     * @param sum the sum of a histogram's values, in the unit exposed; of other metrics the value
     */
    public record Series(Map<String, String> labels, double value, double sum) {
        /** Copies the labels. */
        public Series {
            labels = Map.copyOf(labels);
        }
    }

    /** Returns the series of {@code metric} with exactly these labels, if there is one. */
    public Optional<Series> find(String metric, Map<String, String> labels) {
        return series.getOrDefault(metric, List.of()).stream()
                .filter(one -> one.labels().equals(labels))
                .findFirst();
    }

    static MetricsSnapshot of(Instant at, MetricSnapshots scraped) {
        Map<String, List<Series>> all = new HashMap<>();
        for (MetricSnapshot metric : scraped) {
            List<Series> series = new ArrayList<>();
            metric.getDataPoints().forEach(point -> series.add(one(point)));
            all.put(name(metric), List.copyOf(series));
        }
        return new MetricsSnapshot(at, all);
    }

    private static String name(MetricSnapshot metric) {
        String name = metric.getMetadata().getPrometheusName();
        return switch (metric) {
            case CounterSnapshot _ -> name + "_total";
            case InfoSnapshot _ -> name + "_info";
            default -> name;
        };
    }

    private static Series one(DataPointSnapshot point) {
        Map<String, String> labels = new HashMap<>();
        for (Label label : point.getLabels()) {
            labels.put(label.getName(), label.getValue());
        }
        return switch (point) {
            case CounterDataPointSnapshot counter -> new Series(labels, counter.getValue(), counter.getValue());
            case GaugeDataPointSnapshot gauge -> new Series(labels, gauge.getValue(), gauge.getValue());
            case DistributionDataPointSnapshot many -> new Series(labels, many.getCount(), many.getSum());
            default -> new Series(labels, 1, 1);
        };
    }
}
