package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The series of one metric that are recorded through handles. Their number is bounded. Beyond the bound, all label values
 * share one series whose labels are {@code __overflow__} if the metric {@linkplain #folds folds}; otherwise they are not
 * exposed. Thread-safe; finding an existing series takes no lock.
 *
 * @param <C> a series
 */
abstract sealed class Family<C> permits CounterFamily, GaugeFamily, HistogramFamily, NativeHistogramFamily {
    private final Metric metric;
    private final int maxSeries;
    private final Function<LabelValues, C> make;
    private final LabelValues folded;
    private final ConcurrentHashMap<LabelValues, C> cells = new ConcurrentHashMap<>();
    private final LongAdder overflowed = new LongAdder();
    private volatile int size;
    private volatile @Nullable C overflow;
    private Set<LabelValues> admitted = Set.of();

    Family(Metric metric, int maxSeries, Function<LabelValues, C> make) {
        this.metric = metric;
        this.maxSeries = maxSeries;
        this.make = make;
        this.folded = LabelValues.overflow(metric.labels().size());
    }

    final Metric metric() {
        return metric;
    }

    /** Returns the series with these labels, or the common one beyond the bound. */
    final C cell(@Nullable String... labelValues) {
        LabelValues labels = labels(metric, labelValues);
        C known = cells.get(labels);
        return known != null ? known : create(labels);
    }

    /*
     * The size is written after the series is stored. A thread that reads that all places are taken, and then does not find
     * the series, knows that it is not among them. So a full family is never locked.
     */
    private C create(LabelValues labels) {
        if (size >= maxSeries) {
            C known = cells.get(labels);
            return known != null ? known : overflow();
        }
        synchronized (cells) {
            C known = cells.get(labels);
            if (known != null) {
                return known;
            }
            if (size >= maxSeries) {
                return overflow();
            }
            C made = make.apply(labels);
            cells.put(labels, made);
            size = cells.size();
            return made;
        }
    }

    private C overflow() {
        overflowed.increment();
        C common = overflow;
        if (common == null) {
            synchronized (cells) {
                common = overflow;
                if (common == null) {
                    common = make.apply(folded);
                    overflow = common;
                }
            }
        }
        return common;
    }

    /** Returns whether a sum over series is meaningful: that of counts is, that of states is not. */
    boolean folds() {
        return true;
    }

    /** Returns how often a series was requested beyond the bound. */
    final long overflowed() {
        return overflowed.sum();
    }

    /** Drops every series whose label {@code name} has this value; their handles have no effect any more. */
    final void forget(String name, String value) {
        int index = metric.labels().indexOf(name);
        if (index >= 0) {
            String meant = LabelValues.readable(value);
            synchronized (cells) {
                cells.keySet().removeIf(labels -> {
                    boolean isMeant = labels.get(index).equals(meant);
                    if (isMeant) {
                        forgotten(labels);
                    }
                    return isMeant;
                });
                size = cells.size();
            }
        }
    }

    /** Drops one series, if it exists. */
    final void forget(String... labelValues) {
        LabelValues labels = labels(metric, labelValues);
        synchronized (cells) {
            if (cells.remove(labels) != null) {
                forgotten(labels);
                size = cells.size();
            }
        }
    }

    /** Called after a series was dropped. */
    void forgotten(LabelValues labels) {}

    /** Returns the series at this moment, without the common one. */
    final Map<LabelValues, C> kept() {
        return Map.copyOf(cells);
    }

    /** Returns the series at this moment, with the common one if the metric folds. */
    final Map<LabelValues, C> series() {
        Map<LabelValues, C> all = new HashMap<>(cells);
        C common = overflow;
        if (common != null && folds()) {
            all.put(folded, common);
        }
        return all;
    }

    /**
     * Merges the values of the series recorded here with those of the sources, within the bound. The series of the last scrape
     * come first, so that the common series stands for the same ones from scrape to scrape. Called by one thread at a time.
     */
    final Map<LabelValues, Double> values(
            Map<LabelValues, Double> told, ToDoubleFunction<C> value, DoubleBinaryOperator join) {
        Map<LabelValues, Double> all = new HashMap<>();
        series().forEach((labels, cell) -> all.put(labels, value.applyAsDouble(cell)));
        if (told.isEmpty()) {
            admitted = Set.of();
            return all;
        }
        int room = maxSeries - (folds() && all.containsKey(folded) ? all.size() - 1 : all.size());
        Set<LabelValues> fit = new HashSet<>();
        for (LabelValues labels : told.keySet()) {
            if (admitted.contains(labels) && !all.containsKey(labels) && fit.size() < room) {
                fit.add(labels);
            }
        }
        for (LabelValues labels : told.keySet()) {
            if (fit.size() < room && !all.containsKey(labels)) {
                fit.add(labels);
            }
        }
        told.forEach((labels, more) -> {
            if (all.containsKey(labels) || fit.contains(labels)) {
                all.merge(labels, more, join::applyAsDouble);
                return;
            }
            overflowed.increment();
            if (folds()) {
                all.merge(folded, more, Double::sum);
            }
        });
        admitted = fit;
        return all;
    }

    /** Returns what a scrape exposes: the series recorded here and those of the sources. */
    abstract MetricSnapshot snapshot(Map<LabelValues, Double> told);

    final MetricMetadata metadata(String name) {
        return new MetricMetadata(name, metric.help());
    }

    static LabelValues labels(Metric metric, @Nullable String... values) {
        if (values.length != metric.labels().size()) {
            throw new IllegalArgumentException("metric " + metric.name() + ": " + Arrays.toString(values)
                    + "; one value for each of " + metric.labels());
        }
        return LabelValues.of(values);
    }
}
