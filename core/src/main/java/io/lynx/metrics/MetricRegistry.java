package io.lynx.metrics;

import io.lynx.extension.Registration;
import io.lynx.metrics.Metric.MetricType;
import io.lynx.time.Ticker;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an application measures: values recorded through handles, values read from {@link MetricSource}s at a
 * scrape, and the instruments of the Prometheus library in {@link #prometheus}. There is one for each application.
 * Thread-safe.
 *
 * <p>With {@code lynx.metrics.enabled: false} the handles count nothing, and a scrape is empty.
 *
 * <p>A scrape never fails because of what is measured. A source that throws, exceeds its time, or exposes a name that is
 * taken, is left out of the scrape and counted in {@code lynx_metrics_collector_errors_total}; only a fatal error of the
 * virtual machine is thrown on. Sources and collectors are polled on a thread of their own, one after the other, for at most
 * two seconds each and five in all. One that hangs is not polled again until it has returned.
 */
public final class MetricRegistry {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration BUDGET = Duration.ofSeconds(5);

    private static final List<Metric> OWN =
            List.of(Catalogue.COLLECTOR_ERRORS, Catalogue.LABEL_OVERFLOW, Catalogue.METRICS_SERIES);

    // A set would generate the hash code of records at the start.
    private static final List<Metric> FRAMEWORK_GAUGES = List.of(
            Catalogue.PLUGIN_HEALTH, Catalogue.HEALTH_LAST_SUCCESS, Catalogue.JOB_LAST_SUCCESS, Catalogue.ERROR_RATE);

    private final MetricsConfig config;
    private final InstantSource clock;
    private final ScrapeErrors errors = new ScrapeErrors();
    private final CollectedRegistry collected = new CollectedRegistry(this::belongsToAFamily);
    private final MetricFamilies families;
    private final CopyOnWriteArrayList<ScrapeSource> frameworkSources = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<ScrapeSource> sources = new CopyOnWriteArrayList<>();
    private final TimedCollection collection;
    private final Object scraping = new Object();

    private volatile int lastSeries;

    /** Creates an empty registry. */
    public MetricRegistry(MetricsConfig config) {
        this(config, InstantSource.system());
    }

    /** Creates an empty registry whose exemplars are dated by {@code clock}. */
    MetricRegistry(MetricsConfig config, InstantSource clock) {
        this(config, clock, new TimedCollection(PATIENCE, BUDGET, Ticker.system()));
    }

    MetricRegistry(MetricsConfig config, InstantSource clock, TimedCollection collection) {
        this.config = config;
        this.clock = clock;
        this.collection = collection;
        this.families = new MetricFamilies(config, clock, errors::of, collected::exposes);
        OWN.forEach(families::of);
    }

    private boolean belongsToAFamily(String name) {
        return families.expose(name);
    }

    /**
     * Returns the series of a counter with these labels, which the first call creates. It is exposed as 0 until it counts.
     *
     * @param labelValues a value for each label; null is empty, and a long one is cut to 200 characters
     * @throws IllegalArgumentException if {@code metric} is not a counter, there are more or fewer values than labels, or
     *     its name belongs to another metric
     */
    public Counter counter(Metric metric, @Nullable String... labelValues) {
        return config.enabled() ? ((CounterFamily) family(metric, MetricType.COUNTER)).cell(labelValues) : Counter.NONE;
    }

    /**
     * Returns the series of a gauge or an info with these labels, which the first call creates. Beyond {@code
     * lynx.metrics.max_series} the series is not exposed.
     *
     * @throws IllegalArgumentException as {@link #counter} does
     */
    public Gauge gauge(Metric metric, @Nullable String... labelValues) {
        if (!config.enabled()) {
            return Gauge.NONE;
        }
        MetricType type = metric.type() == MetricType.INFO ? MetricType.INFO : MetricType.GAUGE;
        return ((GaugeFamily) family(metric, type)).cell(labelValues);
    }

    /**
     * Returns the series of a histogram with these labels, which the first call creates.
     *
     * @throws IllegalArgumentException as {@link #counter} does
     */
    public Histogram histogram(Metric metric, @Nullable String... labelValues) {
        if (!config.enabled()) {
            return NoHistogram.NONE;
        }
        return switch (family(metric, MetricType.HISTOGRAM)) {
            case HistogramFamily fixed -> fixed.cell(labelValues);
            case NativeHistogramFamily exponential -> exponential.cell(labelValues);
            case CounterFamily _, GaugeFamily _ -> NoHistogram.NONE;
        };
    }

    private Family<?> family(Metric metric, MetricType type) {
        if (metric.type() != type) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + ": is a " + metric.type() + ", not a " + type);
        }
        return families.of(metric);
    }

    /**
     * Polls {@code source} at every scrape from now on.
     *
     * @param name labels its errors in {@code lynx_metrics_collector_errors_total}; a constant, so that there are few
     */
    public Registration source(String name, MetricSource source) {
        return add(ScrapeSource.of(name, source), sources);
    }

    /**
     * Exposes what {@code collector} collects at every scrape from now on, except for names that are taken by then: by the
     * framework, by instruments in {@link #prometheus}, or by a collector that was added earlier.
     *
     * @param source labels its errors, such as {@code micrometer}
     */
    public Registration collector(String source, Collector collector) {
        return add(ScrapeSource.of(source, collector, false), sources);
    }

    /** Exposes the metrics of {@code collector} as {@link #collector(String, Collector)} does for one. */
    public Registration collector(String source, MultiCollector collector) {
        return add(ScrapeSource.of(source, collector, false), sources);
    }

    /** Exposes metrics of the framework: their names come before those of all others. */
    Registration frameworkCollector(String source, MultiCollector collector) {
        return add(ScrapeSource.of(source, collector, false), frameworkSources);
    }

    private static Registration add(ScrapeSource source, List<ScrapeSource> to) {
        to.add(source);
        return () -> to.remove(source);
    }

    /**
     * Returns the names of the sources, collectors and instruments that a scrape polls now. A name that a plugin added and that is
     * still here after its stop was not removed by it.
     */
    public List<String> sourceNames() {
        return Stream.concat(collected.sources().stream(), sources.stream())
                .map(ScrapeSource::name)
                .toList();
    }

    /**
     * Returns the names of the gauges that plugins have set through handles, in order. A gauge that is still here after its plugin
     * has stopped shows its last value in every scrape.
     */
    public List<String> gaugeNames() {
        return families.all().stream()
                .filter(family ->
                        family instanceof GaugeFamily && !family.kept().isEmpty())
                .map(Family::metric)
                .filter(metric -> !FRAMEWORK_GAUGES.contains(metric))
                .map(Metric::name)
                .sorted()
                .toList();
    }

    /**
     * Returns whether histograms keep traces as exemplars ({@code lynx.metrics.exemplars}). If not, callers need not look for
     * a trace.
     */
    public boolean takesExemplars() {
        return config.enabled() && config.exemplars();
    }

    /**
     * Returns the registry for instruments of the Prometheus library, which are exposed in the same scrape. Registering a
     * name of the catalogue in it throws {@link IllegalArgumentException}. A collector whose names become known only at a
     * scrape is left out of that scrape if they are taken.
     */
    public PrometheusRegistry prometheus() {
        return collected;
    }

    /**
     * Drops every series whose label {@code name} has this value, such as those of a plugin that was removed. Handles of a
     * dropped series have no effect any more; a new handle starts at 0.
     */
    public void forget(String name, String value) {
        families.all().forEach(family -> family.forget(name, value));
    }

    /** Returns the clock that dates what is measured. */
    public InstantSource clock() {
        return clock;
    }

    /** Drops one series, if it exists, as {@link #forget(String, String)} does: such as a gauge whose plugin stops. */
    public void forget(Metric metric, String... labelValues) {
        if (families.contains(metric)) {
            families.of(metric).forget(labelValues);
        }
    }

    /** Returns the counts of a counter's handles, by labels, without those that were folded at the bound. */
    Map<LabelValues, Long> counts(Metric counter) {
        Map<LabelValues, Long> counts = new HashMap<>();
        if (config.enabled()) {
            ((CounterFamily) family(counter, MetricType.COUNTER))
                    .kept()
                    .forEach((labels, cell) -> counts.put(labels, cell.count()));
        }
        return counts;
    }

    /** Returns all metrics at this moment. One thread scrapes at a time; another waits for it, for at most five seconds. */
    public MetricSnapshots scrape() {
        return scrape(_ -> true);
    }

    /**
     * Returns the metrics of which a name is wanted. All are collected nevertheless.
     *
     * @param isWanted called with the names of a family and of its series, such as {@code lynx_requests} and {@code
     *     lynx_requests_total}
     */
    public MetricSnapshots scrape(Predicate<String> isWanted) {
        if (!config.enabled()) {
            return new MetricSnapshots();
        }
        synchronized (scraping) {
            Scrape scrape = new Scrape(errors::add, families::expose);
            List<ScrapeSource> polled = new ArrayList<>(frameworkSources);
            polled.addAll(collected.sources());
            polled.addAll(sources);
            collection.collect(
                    polled, this::noSamples, scrape::take, (source, failure) -> errors.add(source.name(), failure));
            scrape.reserve(families.all());
            scrape.showForeign();
            CollectedSamples own = noSamples();
            ownSamples(own);
            scrape.take(own);
            scrape.show(families.all());
            lastSeries = scrape.series();
            return scrape.snapshots(isWanted);
        }
    }

    private CollectedSamples noSamples() {
        return new CollectedSamples(families::of);
    }

    private void ownSamples(CollectedSamples out) {
        errors.addTo(out);
        families.all().forEach(family -> {
            long overflowed = family.overflowed();
            if (overflowed > 0) {
                out.add(
                        Catalogue.LABEL_OVERFLOW,
                        (double) overflowed,
                        family.metric().name());
            }
        });
        out.add(Catalogue.METRICS_SERIES, lastSeries);
    }
}
