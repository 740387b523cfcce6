package io.lynx.metrics;

import io.lynx.metrics.Metric.MetricType;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.HashSet;
import java.util.Set;

/**
 * The names that a metric takes in a scrape: that of its family and those of its series in all formats, in the form for
 * scrapers that support only letters, digits and {@code _}. Two metrics that share a name cannot be distinguished there.
 */
final class ExposedNames {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private ExposedNames() {}

    static Set<String> of(Metric metric) {
        return of(metric.name(), metric.name(), metric.type());
    }

    static Set<String> of(MetricSnapshot snapshot) {
        return of(
                snapshot.getMetadata(),
                switch (snapshot) {
                    case CounterSnapshot _ -> MetricType.COUNTER;
                    case InfoSnapshot _ -> MetricType.INFO;
                    case HistogramSnapshot _, SummarySnapshot _ -> MetricType.HISTOGRAM;
                    default -> MetricType.GAUGE;
                });
    }

    static Set<String> of(MetricFamilyDescriptor described) {
        return of(
                described.getMetadata(),
                switch (described.getType()) {
                    case COUNTER -> MetricType.COUNTER;
                    case INFO -> MetricType.INFO;
                    case HISTOGRAM, SUMMARY -> MetricType.HISTOGRAM;
                    case GAUGE, STATESET, UNKNOWN -> MetricType.GAUGE;
                });
    }

    private static Set<String> of(MetricMetadata metadata, MetricType type) {
        return of(
                metadata.getPrometheusName(), PrometheusNaming.prometheusName(metadata.getExpositionBaseName()), type);
    }

    private static Set<String> of(String name, String exposed, MetricType type) {
        Set<String> names = new HashSet<>();
        switch (type) {
            case COUNTER -> {
                String family = without(TOTAL, name);
                names.add(family);
                names.add(family + TOTAL);
                names.add(family + "_created");
            }
            case INFO -> {
                names.add(without(INFO, name));
                names.add(without(INFO, name) + INFO);
            }
            case GAUGE -> {
                names.add(name);
                names.add(exposed);
            }
            case HISTOGRAM -> {
                names.add(name);
                names.add(name + "_bucket");
                names.add(name + "_count");
                names.add(name + "_sum");
                names.add(name + "_created");
            }
        }
        return names;
    }

    private static String without(String suffix, String name) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }
}
