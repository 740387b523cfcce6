package io.lynx.http;

import io.lynx.config.Binding;
import io.lynx.metrics.Exposition;
import io.lynx.metrics.MetricsConfig;
import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.metrics.ProductionMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a test has made happen out of the metrics. */
final class Measured {
    private Measured() {}

    /** Requests by {@code METHOD path status}. */
    static Map<String, Long> requests(ProductionMetrics metrics) {
        Map<String, Long> counts = new TreeMap<>();
        for (Series series : series(metrics, "lynx_requests_total")) {
            Map<String, String> labels = series.labels();
            counts.put(labels.get("method") + " " + labels.get("path") + " " + labels.get("status_code"), (long)
                    series.value());
        }
        return counts;
    }

    /** Counts of {@code metric} by the value of one of its labels, those that are zero left out. */
    static Map<String, Long> counts(ProductionMetrics metrics, String metric, String label) {
        Map<String, Long> counts = new TreeMap<>();
        for (Series series : series(metrics, metric)) {
            if (series.value() > 0) {
                counts.put(String.valueOf(series.labels().get(label)), (long) series.value());
            }
        }
        return counts;
    }

    /** The sum over all series; of a histogram, of what they have counted. */
    static long count(ProductionMetrics metrics, String metric) {
        return (long)
                series(metrics, metric).stream().mapToDouble(Series::value).sum();
    }

    /** The sum of all values of a histogram on {@code path}. */
    static double sum(ProductionMetrics metrics, String metric, String path) {
        return series(metrics, metric).stream()
                .filter(series -> path.equals(series.labels().get("path")))
                .mapToDouble(Series::sum)
                .sum();
    }

    /** Metrics whose histograms keep traces. */
    static ProductionMetrics withExemplars() {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        return ProductionMetrics.builder()
                .config(new MetricsConfig(
                        true,
                        defaults.updateInterval(),
                        defaults.prometheus(),
                        defaults.histograms(),
                        true,
                        Map.of(),
                        defaults.maxSeries()))
                .build();
    }

    /** The labels of the examples that OpenMetrics shows of the durations of requests, in the order of their buckets. */
    static List<String> examples(ProductionMetrics metrics) {
        return openMetrics(metrics)
                .lines()
                .filter(line -> line.startsWith("lynx_request_duration_seconds_bucket{"))
                .filter(line -> line.contains(" # {"))
                .map(line -> line.substring(line.indexOf(" # {") + 4, line.lastIndexOf('}')))
                .toList();
    }

    private static String openMetrics(ProductionMetrics metrics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Exposition.of("application/openmetrics-text")
                    .write(metrics.registry().scrape(), out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static List<Series> series(ProductionMetrics metrics, String metric) {
        return metrics.snapshot().series().getOrDefault(metric, List.of());
    }
}
