package io.lynx.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The samples of one measurement, in its unit. Not thread-safe. */
public final class Samples {
    private final List<Double> values = new ArrayList<>();

    /** Adds a value. */
    public void add(double value) {
        values.add(value);
    }

    /** Adds a time, in milliseconds. */
    public void addNanos(long nanos) {
        add(nanos / 1e6);
    }

    /** Forgets all samples. */
    public void clear() {
        values.clear();
    }

    /** Returns the number of samples. */
    public int count() {
        return values.size();
    }

    /** Returns the median; of two middle samples, the greater one. */
    public double median() {
        return sorted().get(values.size() / 2);
    }

    /** Returns the smallest sample. */
    public double least() {
        return sorted().getFirst();
    }

    /** Returns the largest sample. */
    public double greatest() {
        return sorted().getLast();
    }

    private List<Double> sorted() {
        if (values.isEmpty()) {
            throw new IllegalStateException("samples: none were taken");
        }
        return values.stream().sorted().toList();
    }

    /** Formats median, smallest and largest sample, such as {@code 12.3 (11.9–15.0)}; a dash if there are none. */
    @Override
    public String toString() {
        return values.isEmpty() ? "–" : String.format(Locale.ROOT, "%.1f (%.1f–%.1f)", median(), least(), greatest());
    }
}
