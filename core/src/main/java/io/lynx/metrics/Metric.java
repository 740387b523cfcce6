package io.lynx.metrics;

import java.util.List;
import java.util.Locale;

/**
 * The declaration of a metric: its name, type, help and labels. The framework's metrics are in {@link Catalogue}; an
 * application declares its own with the factories here. Immutable.
 *
 * @param name as it is exposed, such as {@code orders_placed_total}
 * @param type what its values mean
 * @param help one sentence for the reader of a scrape
 * @param labels the names of its labels, in the order in which their values are given
 * @param unit what a histogram records; {@link Unit#NONE} for all other types
 * @param buckets upper bounds of a histogram, ascending, in the unit exposed; empty for all other types
 */
public record Metric(String name, MetricType type, String help, List<String> labels, Unit unit, List<Double> buckets) {
    /**
     * Checks the declaration.
     *
     * @throws IllegalArgumentException if the name or a label cannot be exposed, a label comes twice, a counter's name
     *     does not end in {@code _total}, or the buckets do not ascend
     */
    public Metric {
        labels = List.copyOf(labels);
        buckets = List.copyOf(buckets);
        if (!isPlain(name)) {
            throw refused(name, "letters, digits and _");
        }
        if (type == MetricType.COUNTER && !hasSuffix(name, "_total")) {
            throw refused(name, "a counter's name ends in _total, with a name before it");
        }
        if (type == MetricType.INFO && !hasSuffix(name, "_info")) {
            throw refused(name, "an info's name ends in _info, with a name before it");
        }
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            if (!isPlain(label) || label.startsWith("__")) {
                throw refused(name + "{" + label + "}", "letters, digits and _, no __ in front");
            }
            if (label.equals("le")) {
                throw refused(name + "{le}", "le names a histogram's buckets");
            }
            if (labels.indexOf(label) < i) {
                throw refused(name + labels, "each label once");
            }
        }
        if (buckets.isEmpty() == (type == MetricType.HISTOGRAM)) {
            throw refused(name + buckets, "buckets for histograms, only");
        }
        for (int i = 0; i < buckets.size(); i++) {
            if (!Double.isFinite(buckets.get(i)) || (i > 0 && buckets.get(i) <= buckets.get(i - 1))) {
                throw refused(name + buckets, "finite bounds that ascend");
            }
        }
    }

    private static boolean hasSuffix(String name, String suffix) {
        return name.endsWith(suffix) && name.length() > suffix.length();
    }

    /** Returns whether every scraper can read the name. No regular expression, as it would slow the start. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean isDigit = c >= '0' && c <= '9';
            if (!isLetter && !(isDigit && i > 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static IllegalArgumentException refused(String found, String allowed) {
        return new IllegalArgumentException("metric " + found + ": not possible; " + allowed);
    }

    /**
     * Returns a counter.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric counter(String name, String help, String... labels) {
        return new Metric(name, MetricType.COUNTER, help, List.of(labels), Unit.NONE, List.of());
    }

    /**
     * Returns a gauge.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric gauge(String name, String help, String... labels) {
        return new Metric(name, MetricType.GAUGE, help, List.of(labels), Unit.NONE, List.of());
    }

    /**
     * Returns a histogram.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric histogram(String name, String help, Unit unit, List<Double> buckets, String... labels) {
        return new Metric(name, MetricType.HISTOGRAM, help, List.of(labels), unit, buckets);
    }

    /**
     * Returns an info.
     *
     * @throws IllegalArgumentException if it cannot be exposed so
     */
    public static Metric info(String name, String help, String... labels) {
        return new Metric(name, MetricType.INFO, help, List.of(labels), Unit.NONE, List.of());
    }

    /** Returns whether both can be recorded in one family, with the help and the buckets of the first. */
    @SuppressWarnings("ReferenceEquality") // The same object is looked up again and again.
    boolean isLike(Metric other) {
        return this == other || (type == other.type && unit == other.unit && labels.equals(other.labels));
    }

    /** Returns its name, type and labels, for messages. */
    String describe() {
        return name + labels + " (" + type.name().toLowerCase(Locale.ROOT) + ")";
    }

    /** Returns a copy with other upper bounds. */
    Metric withBuckets(List<Double> bounds) {
        return new Metric(name, type, help, labels, unit, bounds);
    }

    /** The type of a metric. */
    public enum MetricType {
        /** Only grows; its name ends in {@code _total}. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts values by size. */
        HISTOGRAM,
        /** States facts in its labels; its value is always 1, its name ends in {@code _info}. */
        INFO
    }

    /**
     * The unit in which a histogram records and the one in which it is exposed. Values are recorded as whole numbers,
     * so that recording one takes two additions.
     */
    public enum Unit {
        /** Records nanoseconds and exposes seconds. */
        SECONDS(1e-9),
        /** Records and exposes bytes. */
        BYTES(1),
        /** Records millionths and exposes a share, usually from 0 to 1. */
        RATIO(1e-6),
        /** Records and exposes plain numbers. */
        NONE(1);

        private final double scale;

        Unit(double scale) {
            this.scale = scale;
        }

        /** Returns one recorded unit in the unit exposed. */
        double scale() {
            return scale;
        }
    }
}
