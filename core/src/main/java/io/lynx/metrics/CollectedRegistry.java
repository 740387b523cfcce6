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
 * A registry of the Prometheus library whose collectors can be asked one by one, so that one that fails is left out alone.
 * Thread-safe.
 */
final class CollectedRegistry extends PrometheusRegistry {
    private final Predicate<String> isTaken;
    private final Map<Object, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong registrations = new AtomicLong();

    private record Entry(long order, Participant participant) {}

    /**
     * An empty one.
     *
     * @param isTaken says which exposed names belong to somebody else
     */
    CollectedRegistry(Predicate<String> isTaken) {
        this.isTaken = isTaken;
    }

    @Override
    public void register(Collector collector) {
        MetricFamilyDescriptor described = collector.getMetricFamilyDescriptor();
        Participant participant =
                Participant.of(source(collector, described == null ? List.of() : List.of(described)), collector, true);
        requireFree(participant);
        super.register(collector);
        enter(collector, participant);
    }

    @Override
    public void register(MultiCollector collector) {
        Participant participant =
                Participant.of(source(collector, collector.getMetricFamilyDescriptors()), collector, true);
        requireFree(participant);
        super.register(collector);
        enter(collector, participant);
    }

    private static String source(Object collector, List<MetricFamilyDescriptor> described) {
        return described.isEmpty()
                ? collector.getClass().getTypeName()
                : described.getFirst().getPrometheusName();
    }

    private void requireFree(Participant participant) {
        for (String name : participant.names()) {
            if (isTaken.test(name)) {
                throw new IllegalArgumentException("metric " + participant.name() + ": " + name
                        + " belongs to a metric of the framework or the application; choose another name");
            }
        }
    }

    private void enter(Object collector, Participant participant) {
        entries.put(collector, new Entry(registrations.getAndIncrement(), participant));
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

    /** Whoever is registered, in the order of registration. */
    List<Participant> participants() {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::order));
        return ordered.stream().map(Entry::participant).toList();
    }

    /** Whether somebody here has said that it exposes {@code name}. */
    boolean exposes(String name) {
        return entries.values().stream()
                .anyMatch(entry -> entry.participant.names().contains(name));
    }
}
