package io.lynx.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A metric as it is declared: what it is called, what it says and how it is told apart. The framework's are in {@link
 * Catalogue}; an application declares its own with the factories here. Immutable.
 *
 * @param name as it is exposed, such as {@code orders_placed_total}
 * @param type what its values mean
 * @param help one sentence for whoever reads a scrape
 * @param labels the names of its labels, in the order in which their values are given
 * @param unit what a histogram records; {@link Unit#NONE} for all other types
 * @param buckets upper bounds of a histogram, ascending, in the unit shown; empty for all other types
 */
public record Metric(String name, MetricType type, String help, List<String> labels, Unit unit, List<Double> buckets) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if the name or a label cannot be exposed, a label comes twice, a counter's name
     *     does not end in {@code _total}, or the buckets do not ascend
     */
    public Metric {
        labels = List.copyOf(labels);
        buckets = List.copyOf(buckets);
        require(NAME.matcher(name).matches(), name, "letters, digits and _");
        require(type != MetricType.COUNTER || name.endsWith("_total"), name, "a counter's name ends in _total");
        require(type != MetricType.INFO || name.endsWith("_info"), name, "an info's name ends in _info");
        for (String label : labels) {
            require(LABEL.matcher(label).matches(), name + "{" + label + "}", "letters, digits and _, no __ in front");
            require(!label.equals("le"), name + "{le}", "le names a histogram's buckets");
        }
        require(new HashSet<>(labels).size() == labels.size(), name + labels, "each label once");
        require(!buckets.isEmpty() == (type == MetricType.HISTOGRAM), name + buckets, "buckets for histograms, only");
        for (int i = 1; i < buckets.size(); i++) {
            require(buckets.get(i) > buckets.get(i - 1), name + buckets, "bounds that ascend");
        }
    }

    private static void require(boolean isSo, String found, String allowed) {
        if (!isSo) {
            throw new IllegalArgumentException("metric " + found + ": not possible; " + allowed);
        }
    }

    /**
     * A counter.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric counter(String name, String help, String... labels) {
        return new Metric(name, MetricType.COUNTER, help, List.of(labels), Unit.NONE, List.of());
    }

    /**
     * A gauge.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric gauge(String name, String help, String... labels) {
        return new Metric(name, MetricType.GAUGE, help, List.of(labels), Unit.NONE, List.of());
    }

    /**
     * A histogram.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric histogram(String name, String help, Unit unit, List<Double> buckets, String... labels) {
        return new Metric(name, MetricType.HISTOGRAM, help, List.of(labels), unit, buckets);
    }

    /**
     * An info.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric info(String name, String help, String... labels) {
        return new Metric(name, MetricType.INFO, help, List.of(labels), Unit.NONE, List.of());
    }

    /** Whether both can be recorded in one family; the first says the help and the buckets. */
    @SuppressWarnings("ReferenceEquality") // The same one is asked for again and again.
    boolean isLike(Metric other) {
        return this == other || (type == other.type && unit == other.unit && labels.equals(other.labels));
    }

    /** Its name, type and labels, for messages. */
    String describe() {
        return name + labels + " (" + type.name().toLowerCase(Locale.ROOT) + ")";
    }

    /** The same with other upper bounds. */
    Metric withBuckets(List<Double> bounds) {
        return new Metric(name, type, help, labels, unit, bounds);
    }
}
