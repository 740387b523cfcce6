package io.lynx.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A registry of the Prometheus library that asks its collectors one by one, so that one that fails is left out alone.
 * Thread-safe.
 */
final class CollectedRegistry extends PrometheusRegistry {
    private final Predicate<String> isTaken;
    private final CopyOnWriteArrayList<Collector> collectors = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<MultiCollector> multiCollectors = new CopyOnWriteArrayList<>();

    CollectedRegistry(Predicate<String> isTaken) {
        this.isTaken = isTaken;
    }

    @Override
    public void register(Collector collector) {
        requireFree(collector.getMetricFamilyDescriptor());
        super.register(collector);
        collectors.add(collector);
    }

    @Override
    public void register(MultiCollector collector) {
        collector.getMetricFamilyDescriptors().forEach(this::requireFree);
        super.register(collector);
        multiCollectors.add(collector);
    }

    private void requireFree(@Nullable MetricFamilyDescriptor described) {
        String name = described == null ? null : described.getPrometheusName();
        if (name != null && isTaken.test(name)) {
            throw new IllegalArgumentException("metric " + name + ": belongs to the framework; choose another name");
        }
    }

    @Override
    public void unregister(Collector collector) {
        super.unregister(collector);
        collectors.remove(collector);
    }

    @Override
    public void unregister(MultiCollector collector) {
        super.unregister(collector);
        multiCollectors.remove(collector);
    }

    @Override
    public void clear() {
        super.clear();
        collectors.clear();
        multiCollectors.clear();
    }

    /** Hands every snapshot to {@code shown} with the name of its collector's class, and every failure to {@code failed}. */
    void scrape(BiConsumer<String, MetricSnapshot> shown, BiConsumer<String, RuntimeException> failed) {
        for (Collector collector : collectors) {
            String source = collector.getClass().getSimpleName();
            try {
                MetricSnapshot snapshot = collector.collect();
                if (snapshot != null) {
                    shown.accept(source, snapshot);
                }
            } catch (RuntimeException failure) {
                failed.accept(source, failure);
            }
        }
        for (MultiCollector collector : multiCollectors) {
            String source = collector.getClass().getSimpleName();
            try {
                for (MetricSnapshot snapshot : collector.collect()) {
                    shown.accept(source, snapshot);
                }
            } catch (RuntimeException failure) {
                failed.accept(source, failure);
            }
        }
    }
}
