package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The series of one metric that are recorded by handles. There are never more than the bound: what comes after that
 * shares one series whose labels all say {@code __overflow__}. Thread-safe; finding a series that exists takes no lock.
 *
 * @param <C> a series
 */
abstract sealed class Family<C> permits CounterFamily, GaugeFamily, HistogramFamily {
    private final Metric metric;
    private final int maxSeries;
    private final Supplier<C> make;
    private final ConcurrentHashMap<LabelValues, C> cells = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder overflowed = new LongAdder();
    private volatile @Nullable C overflow;

    Family(Metric metric, int maxSeries, Supplier<C> make) {
        this.metric = metric;
        this.maxSeries = maxSeries;
        this.make = make;
    }

    final Metric metric() {
        return metric;
    }

    /** The series with these labels, or the common one if there is no room for it. */
    final C cell(String... labelValues) {
        LabelValues labels = labels(metric, labelValues);
        C known = cells.get(labels);
        return known != null ? known : create(labels);
    }

    private C create(LabelValues labels) {
        if (size.incrementAndGet() > maxSeries) {
            size.decrementAndGet();
            C known = cells.get(labels);
            return known != null ? known : overflow();
        }
        C made = make.get();
        C known = cells.putIfAbsent(labels, made);
        if (known != null) {
            size.decrementAndGet();
            return known;
        }
        return made;
    }

    private C overflow() {
        overflowed.increment();
        C common = overflow;
        if (common == null) {
            synchronized (cells) {
                common = overflow;
                if (common == null) {
                    common = make.get();
                    overflow = common;
                }
            }
        }
        return common;
    }

    /** How often a series was asked for that there was no room for. */
    final long overflowed() {
        return overflowed.sum();
    }

    final int maxSeries() {
        return maxSeries;
    }

    /** Drops every series whose label {@code name} says {@code value}; their handles count for nobody from now on. */
    final void forget(String name, String value) {
        int index = metric.labels().indexOf(name);
        if (index >= 0) {
            cells.keySet().removeIf(labels -> {
                boolean isMeant = labels.get(index).equals(value);
                if (isMeant) {
                    size.decrementAndGet();
                }
                return isMeant;
            });
        }
    }

    /** The series as they are now, the common one among them if there is one. */
    final Map<LabelValues, C> series() {
        Map<LabelValues, C> all = new java.util.HashMap<>(cells);
        C common = overflow;
        if (common != null) {
            all.put(LabelValues.overflow(metric.labels().size()), common);
        }
        return all;
    }

    /** What a scrape shows: the series recorded here, together with those that sources told just now. */
    abstract MetricSnapshot snapshot(Map<LabelValues, Double> told);

    final MetricMetadata metadata(String name) {
        return new MetricMetadata(name, metric.help());
    }

    static LabelValues labels(Metric metric, String... values) {
        if (values.length != metric.labels().size()) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + ": " + List.of(values) + "; one value for each of " + metric.labels());
        }
        return new LabelValues(values.clone());
    }
}
