package io.lynx.http;

import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.metrics.ProductionMetrics;
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

    static List<Series> series(ProductionMetrics metrics, String metric) {
        return metrics.snapshot().series().getOrDefault(metric, List.of());
    }
}
