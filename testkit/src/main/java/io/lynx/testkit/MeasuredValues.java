package io.lynx.testkit;

import io.lynx.metrics.Exposition;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsSnapshot;
import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.metrics.ProductionMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The metrics of an application at one moment. Immutable, but for {@link #text}, which scrapes again. */
public final class MeasuredValues {
    private final MetricRegistry registry;
    private final MetricsSnapshot snapshot;

    private MeasuredValues(MetricRegistry registry, MetricsSnapshot snapshot) {
        this.registry = registry;
        this.snapshot = snapshot;
    }

    static MeasuredValues of(ProductionMetrics metrics) {
        return new MeasuredValues(metrics.registry(), metrics.snapshot());
    }

    /**
     * Returns the value of a series; of a histogram, the number of values that it has counted.
     *
     * @param metric the name of the metric, such as {@code orders_placed_total}
     * @param labels names and values in turn; of labels that are not given, any value fits
     * @throws AssertionError if no series or more than one fits; the message lists those of the metric
     */
    public double value(String metric, String... labels) {
        List<Series> found = matching(metric, labels);
        if (found.size() != 1) {
            throw new AssertionError("metric " + metric + pairs(labels) + ": " + found.size()
                    + " series fit; of this metric there are " + describe(metric));
        }
        return found.getFirst().value();
    }

    /** Returns the value of a series as {@link #value} does; empty if no series fits. */
    public OptionalDouble find(String metric, String... labels) {
        return matching(metric, labels).isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(value(metric, labels));
    }

    /** Returns the sum of all series that fit; 0 if none does. */
    public double sum(String metric, String... labels) {
        return matching(metric, labels).stream().mapToDouble(Series::value).sum();
    }

    /** Returns the names of all metrics. */
    public List<String> names() {
        return snapshot.series().keySet().stream().sorted().toList();
    }

    /** Returns what a scrape shows now, in the text format. */
    public String text() {
        return text(registry);
    }

    /** Returns the lines of {@link #text} that begin with a text. */
    public List<String> lines(String beginning) {
        return text().lines().filter(line -> line.startsWith(beginning)).toList();
    }

    static String text(MetricRegistry registry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Exposition.text().write(registry.scrape(), out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private List<Series> matching(String metric, String... labels) {
        Map<String, String> wanted = pairs(labels);
        return snapshot.series().getOrDefault(metric, List.of()).stream()
                .filter(series -> series.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();
    }

    private static Map<String, String> pairs(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("labels: " + labels.length + " texts; write names and values in turn");
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            pairs.put(labels[i], labels[i + 1]);
        }
        return pairs;
    }

    private String describe(String metric) {
        List<Series> series = snapshot.series().getOrDefault(metric, List.of());
        return series.isEmpty()
                ? "none"
                : series.stream()
                        .map(one -> one.labels() + " " + one.value())
                        .sorted()
                        .toList()
                        .toString();
    }
}
