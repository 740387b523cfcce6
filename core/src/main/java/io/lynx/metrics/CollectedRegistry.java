package io.lynx.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A registry of the Prometheus library whose collectors are polled one by one, so that only the one that fails is left out.
 * Thread-safe.
 */
final class CollectedRegistry extends PrometheusRegistry {
    private final Predicate<String> isTaken;
    private final Map<Object, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong registrations = new AtomicLong();

    private record Entry(long order, ScrapeSource source) {}

    /**
     * Creates an empty registry.
     *
     * @param isTaken returns whether an exposed name belongs to another metric
     */
    CollectedRegistry(Predicate<String> isTaken) {
        this.isTaken = isTaken;
    }

    @Override
    public void register(Collector collector) {
        MetricFamilyDescriptor described = collector.getMetricFamilyDescriptor();
        ScrapeSource source =
                ScrapeSource.of(nameOf(collector, described == null ? List.of() : List.of(described)), collector, true);
        requireFree(source);
        super.register(collector);
        enter(collector, source);
    }

    @Override
    public void register(MultiCollector collector) {
        ScrapeSource source =
                ScrapeSource.of(nameOf(collector, collector.getMetricFamilyDescriptors()), collector, true);
        requireFree(source);
        super.register(collector);
        enter(collector, source);
    }

    private static String nameOf(Object collector, List<MetricFamilyDescriptor> described) {
        return described.isEmpty()
                ? collector.getClass().getTypeName()
                : described.getFirst().getPrometheusName();
    }

    private void requireFree(ScrapeSource source) {
        for (String name : source.names()) {
            if (isTaken.test(name) || MetricFamilies.isOfTheRuntime(name)) {
                throw new IllegalArgumentException("metric " + source.name() + ": " + name
                        + " belongs to a metric of the framework or the application; choose another name");
            }
        }
    }

    private void enter(Object collector, ScrapeSource source) {
        entries.put(collector, new Entry(registrations.getAndIncrement(), source));
    }

    @Override
    public void unregister(Collector collector) {
        super.unregister(collector);
        entries.remove(collector);
    }

    @Override
    public void unregister(MultiCollector collector) {
        super.unregister(collector);
        entries.remove(collector);
    }

    @Override
    public void clear() {
        super.clear();
        entries.clear();
    }

    /** The registered collectors, in the order of registration. */
    List<ScrapeSource> sources() {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::order));
        return ordered.stream().map(Entry::source).toList();
    }

    /** Returns whether a collector here has declared that it exposes {@code name}. */
    boolean exposes(String name) {
        return entries.values().stream().anyMatch(entry -> entry.source.names().contains(name));
    }
}
