package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;

/** The values of a series' labels, in the order of its metric's labels. */
final class LabelValues {
    /** The value of every label of the series into which the series beyond the bound fold. */
    static final String OVERFLOW = "__overflow__";

    private static final int LONGEST = 200;

    private final String[] values;
    private final int hash;

    /** Takes {@code values} over; each is cut to 200 characters. */
    LabelValues(String... values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i].length() > LONGEST) {
                values[i] = values[i].substring(0, LONGEST);
            }
        }
        this.values = values;
        this.hash = Arrays.hashCode(values);
    }

    static LabelValues overflow(int size) {
        String[] values = new String[size];
        Arrays.fill(values, OVERFLOW);
        return new LabelValues(values);
    }

    int size() {
        return values.length;
    }

    String get(int index) {
        return values[index];
    }

    List<String> toList() {
        return List.of(values);
    }

    Labels toLabels(Metric metric) {
        return values.length == 0 ? Labels.EMPTY : Labels.of(metric.labels(), toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelValues that && hash == that.hash && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
