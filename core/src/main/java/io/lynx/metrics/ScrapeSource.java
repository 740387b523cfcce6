package io.lynx.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A source of metrics that is polled at every scrape. Thread-safe; polled by one thread at a time. */
final class ScrapeSource {
    private final String name;
    private final Set<String> names;
    private final boolean isInstrument;
    private final Consumer<CollectedSamples> collector;
    private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();

    private ScrapeSource(String name, Set<String> names, boolean isInstrument, Consumer<CollectedSamples> collector) {
        this.name = name;
        this.names = names;
        this.isInstrument = isInstrument;
        this.collector = collector;
    }

    /** Returns a source of single values. */
    static ScrapeSource of(String name, MetricSource source) {
        return new ScrapeSource(name, Set.of(), false, source::collect);
    }

    /** Returns a source of one metric of the library. The names it will expose are read now only if it is an instrument. */
    static ScrapeSource of(String name, Collector collector, boolean isInstrument) {
        return new ScrapeSource(name, isInstrument ? names(collector) : Set.of(), isInstrument, into -> {
            MetricSnapshot snapshot = collector.collect();
            if (snapshot != null) {
                into.show(snapshot);
            }
        });
    }

    /** Returns a source of metrics of the library. */
    static ScrapeSource of(String name, MultiCollector collector, boolean isInstrument) {
        return new ScrapeSource(name, names(collector.getMetricFamilyDescriptors()), isInstrument, into -> collector
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

    /** Returns the label of its errors. */
    String name() {
        return name;
    }

    /** Returns the names that it is known to expose; empty if only the scrape will show them. */
    Set<String> names() {
        return names;
    }

    /** Returns whether the application registered it as an instrument: instruments of one name are exposed together. */
    boolean isInstrument() {
        return isInstrument;
    }

    /** Claims it for the calling thread; returns whether it was free. */
    boolean claim() {
        return holder.compareAndSet(null, Thread.currentThread());
    }

    /** Returns the thread that polls it now; null if none does. */
    @Nullable
    Thread holder() {
        return holder.get();
    }

    /** Collects into {@code into}, and frees the source when that returns or throws. It may hang. */
    void poll(CollectedSamples into) {
        try {
            collector.accept(into);
        } finally {
            holder.set(null);
        }
    }
}
