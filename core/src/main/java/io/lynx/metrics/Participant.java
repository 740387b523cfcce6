package io.lynx.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Somebody who is asked at every scrape. Thread-safe; asked by one thread at a time. */
final class Participant {
    private final String name;
    private final Set<String> names;
    private final boolean isInstrument;
    private final Consumer<Contribution> asked;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    private Participant(String name, Set<String> names, boolean isInstrument, Consumer<Contribution> asked) {
        this.name = name;
        this.names = names;
        this.isInstrument = isInstrument;
        this.asked = asked;
    }

    /** One that tells values. */
    static Participant of(String name, MetricSource source) {
        return new Participant(name, Set.of(), false, source::collect);
    }

    /** One that shows a metric of the library; what it will show is asked now only if it is an instrument. */
    static Participant of(String name, Collector collector, boolean isInstrument) {
        return new Participant(name, isInstrument ? names(collector) : Set.of(), isInstrument, into -> {
            MetricSnapshot snapshot = collector.collect();
            if (snapshot != null) {
                into.show(snapshot);
            }
        });
    }

    /** One that shows metrics of the library. */
    static Participant of(String name, MultiCollector collector, boolean isInstrument) {
        return new Participant(name, names(collector.getMetricFamilyDescriptors()), isInstrument, into -> collector
                .collect()
                .forEach(into::show));
    }

    private static Set<String> names(Collector collector) {
        MetricFamilyDescriptor described = collector.getMetricFamilyDescriptor();
        return described == null ? Set.of() : names(List.of(described));
    }

    private static Set<String> names(List<MetricFamilyDescriptor> described) {
        Set<String> names = new HashSet<>();
        described.forEach(one -> names.addAll(ExposedNames.of(one)));
        return Set.copyOf(names);
    }

    /** Whose errors they are. */
    String name() {
        return name;
    }

    /** What it is known to expose; empty if only the scrape will tell. */
    Set<String> names() {
        return names;
    }

    /** Whether the application has registered it as an instrument: those of one name are shown together. */
    boolean isInstrument() {
        return isInstrument;
    }

    /** Claims it for the calling thread; whether it was free. */
    boolean claim() {
        return isBusy.compareAndSet(false, true);
    }

    /** Asks it, and frees it once it has answered, however it does. It may throw, and may hang. */
    void ask(Contribution into) {
        try {
            asked.accept(into);
        } finally {
            isBusy.set(false);
        }
    }
}
