package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a series' labels, in the order of its metric's labels. Immutable. */
final class LabelValues {
    /** The value of every label of the series that stands for those beyond the bound. */
    static final String OVERFLOW = "__overflow__";

    private static final int LONGEST = 200;
    private static final int UNREADABLE = 0xFFFD;

    private final String[] values;
    private final int hash;
    private @Nullable Labels labels;

    private LabelValues(String[] values) {
        this.values = values;
        this.hash = Arrays.hashCode(values);
    }

    /** Returns the values of one series, each in its {@link #readable} form. */
    static LabelValues of(@Nullable String... values) {
        String[] own = new String[values.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = readable(values[i]);
        }
        return new LabelValues(own);
    }

    /**
     * Returns a form that every format can represent: at most 200 characters, with unpaired surrogates and NUL replaced by
     * U+FFFD; null becomes empty.
     */
    static String readable(@Nullable String value) {
        if (value == null) {
            return "";
        }
        String cut = value.length() <= LONGEST ? value : value.substring(0, LONGEST);
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return repaired(cut);
            }
        }
        return cut;
    }

    private static String repaired(String value) {
        StringBuilder repaired = new StringBuilder(value.length());
        value.codePoints()
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? UNREADABLE : point)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }

    static LabelValues overflow(int size) {
        String[] values = new String[size];
        Arrays.fill(values, OVERFLOW);
        return new LabelValues(values);
    }

    String get(int index) {
        return values[index];
    }

    String[] toArray() {
        return values.clone();
    }

    /** The same for the library, created at its first use; two threads may both create it. */
    Labels toLabels(Metric metric) {
        Labels made = labels;
        if (made == null) {
            made = values.length == 0 ? Labels.EMPTY : Labels.of(metric.labels(), List.of(values));
            labels = made;
        }
        return made;
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
