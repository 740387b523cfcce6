package io.lynx.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that an application measures: what is recorded through handles, what {@link MetricSource}s tell when asked, and the
 * instruments of the Prometheus library in {@link #prometheus}. One for each application. Thread-safe.
 *
 * <p>A scrape never fails because of what is measured: whoever throws, or shows a name that is taken, is left out and
 * counted in {@code lynx_metrics_collector_errors_total}.
 */
public final class MetricRegistry {
    private static final Logger log = LoggerFactory.getLogger(MetricRegistry.class);

    private final MetricsConfig config;
    private final ConcurrentHashMap<String, Family<?>> families = new ConcurrentHashMap<>();
    private final Map<String, Metric> catalogue = new HashMap<>();
    private final CopyOnWriteArrayList<Source> sources = new CopyOnWriteArrayList<>();
    private final CollectedRegistry collected = new CollectedRegistry(this::belongsToTheFramework);
    private final ConcurrentHashMap<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final Object scraping = new Object();

    private volatile int lastSeries;

    private record Source(String name, MetricSource source) {}

    /** An empty one. */
    public MetricRegistry(MetricsConfig config) {
        this.config = config;
        Catalogue.all().forEach(metric -> catalogue.put(metric.name(), metric));
        Runnable _ = source("lynx", this::ownSamples);
    }

    private void ownSamples(Samples out) {
        errors.forEach((source, count) -> out.add(Catalogue.COLLECTOR_ERRORS, (double) count.sum(), source));
        families.forEach((name, family) -> out.add(Catalogue.LABEL_OVERFLOW, (double) family.overflowed(), name));
        out.add(Catalogue.METRICS_SERIES, lastSeries);
    }

    /**
     * The series of a counter with these labels, made when it is first asked for.
     *
     * @throws IllegalArgumentException if {@code metric} is no counter, there are more or fewer values than labels, or
     *     its name belongs to another metric
     */
    public Counter counter(Metric metric, String... labelValues) {
        return ((CounterFamily) family(metric, MetricType.COUNTER)).cell(labelValues);
    }

    /**
     * The series of a gauge or an info with these labels, made when it is first asked for.
     *
     * @throws IllegalArgumentException as {@link #counter} does
     */
    public Gauge gauge(Metric metric, String... labelValues) {
        MetricType type = metric.type() == MetricType.INFO ? MetricType.INFO : MetricType.GAUGE;
        return ((GaugeFamily) family(metric, type)).cell(labelValues);
    }

    /**
     * The series of a histogram with these labels, made when it is first asked for.
     *
     * @throws IllegalArgumentException as {@link #counter} does
     */
    public Histogram histogram(Metric metric, String... labelValues) {
        return ((HistogramFamily) family(metric, MetricType.HISTOGRAM)).cell(labelValues);
    }

    /**
     * Asks {@code source} at every scrape from now on.
     *
     * @param name for the count of its errors; names of one kind of source, so that they are few
     * @return stops that
     */
    public Runnable source(String name, MetricSource source) {
        Source added = new Source(name, source);
        sources.add(added);
        return () -> sources.remove(added);
    }

    /**
     * Where instruments of the Prometheus library are registered; they are shown in the same scrape. Registering a name of
     * the catalogue there throws {@link IllegalArgumentException}; a name that only shows at a scrape is left out of it.
     */
    public PrometheusRegistry prometheus() {
        return collected;
    }

    /** Drops every series whose label {@code name} says {@code value}, such as those of a plugin that is gone. */
    public void forget(String name, String value) {
        families.values().forEach(family -> family.forget(name, value));
    }

    /** What a counter has counted through handles, by labels. */
    Map<LabelValues, Long> counts(Metric counter) {
        Map<LabelValues, Long> counts = new HashMap<>();
        ((CounterFamily) family(counter, MetricType.COUNTER))
                .series()
                .forEach((labels, cell) -> counts.put(labels, cell.count()));
        return counts;
    }

    /** Everything, as it is now. One thread scrapes at a time. */
    public MetricSnapshots scrape() {
        synchronized (scraping) {
            Map<String, MetricSnapshot> shown = new LinkedHashMap<>();
            Set<String> names = new HashSet<>();
            ask().forEach((family, told) -> show(family.snapshot(told), "lynx", shown, names));
            collected.scrape(
                    (source, snapshot) -> show(snapshot, source, shown, names),
                    (source, failure) -> failed(source, failure));
            lastSeries = shown.values().stream()
                    .mapToInt(metric -> metric.getDataPoints().size())
                    .sum();
            return new MetricSnapshots(shown.values());
        }
    }

    private void show(MetricSnapshot snapshot, String source, Map<String, MetricSnapshot> shown, Set<String> names) {
        String name = snapshot.getMetadata().getPrometheusName();
        if (names.add(name)) {
            shown.put(name, snapshot);
        } else {
            failed(source, new IllegalStateException("metric " + name + ": is there already"));
        }
    }

    /** Lets every source say its values, and returns them by family, those without any included. */
    private Map<Family<?>, Map<LabelValues, Double>> ask() {
        Map<Family<?>, Map<LabelValues, Double>> told = new HashMap<>();
        for (Source source : sources) {
            Map<Family<?>, Map<LabelValues, Double>> own = new HashMap<>();
            try {
                source.source.collect((metric, value, labels) -> put(own, metric, value, labels));
            } catch (RuntimeException failure) {
                failed(source.name, failure);
                continue;
            }
            own.forEach((family, values) -> values.forEach((labels, value) ->
                    merge(family, told.computeIfAbsent(family, _ -> new HashMap<>()), labels, value)));
        }
        families.values().forEach(family -> {
            Map<LabelValues, Double> _ = told.computeIfAbsent(family, _ -> new HashMap<>());
        });
        return told;
    }

    private void put(Map<Family<?>, Map<LabelValues, Double>> own, Metric metric, double value, String... labelValues) {
        if (metric.type() == MetricType.HISTOGRAM) {
            throw new IllegalArgumentException("metric " + metric.name() + ": a histogram is recorded, not told");
        }
        Family<?> family = family(metric, metric.type());
        merge(family, own.computeIfAbsent(family, _ -> new HashMap<>()), Family.labels(metric, labelValues), value);
    }

    private static void merge(Family<?> family, Map<LabelValues, Double> into, LabelValues labels, double value) {
        boolean fits = into.size() < family.maxSeries() || into.containsKey(labels);
        LabelValues place = fits ? labels : LabelValues.overflow(labels.size());
        boolean adds = !fits || family.metric().type() == MetricType.COUNTER;
        if (adds) {
            into.merge(place, value, Double::sum);
        } else {
            into.put(place, value);
        }
    }

    private Family<?> family(Metric metric, MetricType type) {
        if (metric.type() != type) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + ": is a " + metric.type() + ", not a " + type);
        }
        Family<?> known = families.get(metric.name());
        if (known == null) {
            known = families.computeIfAbsent(metric.name(), _ -> make(metric));
        }
        Metric taken = known.metric();
        if (!taken.labels().equals(metric.labels()) || taken.type() != type) {
            throw new IllegalArgumentException("metric " + metric.name() + metric.labels() + ": the name belongs to a "
                    + taken.type() + " with " + taken.labels());
        }
        return known;
    }

    private Family<?> make(Metric metric) {
        Metric own = catalogue.get(metric.name());
        if (own != null && !own.labels().equals(metric.labels())) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + ": belongs to the framework, with " + own.labels());
        }
        return switch (metric.type()) {
            case COUNTER -> new CounterFamily(metric, config.maxSeries());
            case GAUGE, INFO -> new GaugeFamily(metric, config.maxSeries());
            case HISTOGRAM -> {
                var bounds = config.buckets().getOrDefault(metric.name(), metric.buckets());
                yield new HistogramFamily(metric.withBuckets(bounds), config.maxSeries(), errorsOf(metric.name()));
            }
        };
    }

    private boolean belongsToTheFramework(String name) {
        return catalogue.containsKey(name) || catalogue.containsKey(name + "_total") || families.containsKey(name);
    }

    private void failed(String source, Throwable failure) {
        LongAdder count = errorsOf(source);
        boolean isFirst = count.sum() == 0;
        count.increment();
        if (isFirst) {
            log.atWarn()
                    .addKeyValue("source", source)
                    .setCause(failure)
                    .log("metrics of '{}' are left out of a scrape; said once", source);
        }
    }

    private LongAdder errorsOf(String source) {
        return errors.computeIfAbsent(source, _ -> new LongAdder());
    }
}
