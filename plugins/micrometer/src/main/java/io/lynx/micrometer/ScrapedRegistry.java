package io.lynx.micrometer;

import io.lynx.extension.Registration;
import io.lynx.metrics.MetricRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry that Micrometer's registry writes to. The application's own registry exposes each of its families
 * separately, so that only a family that fails or collides is left out. Thread-safe.
 */
final class ScrapedRegistry extends PrometheusRegistry implements AutoCloseable {
    private final MetricRegistry metrics;
    private final ConcurrentHashMap<Object, Registration> registrations = new ConcurrentHashMap<>();

    ScrapedRegistry(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void register(MultiCollector collector) {
        super.register(collector);
        registrations.put(collector, metrics.collector(MicrometerPlugin.ID, collector));
    }

    @Override
    public void register(Collector collector) {
        super.register(collector);
        registrations.put(
                collector, metrics.collector(MicrometerPlugin.ID, () -> MetricSnapshots.of(collector.collect())));
    }

    @Override
    public void unregister(MultiCollector collector) {
        super.unregister(collector);
        remove(collector);
    }

    @Override
    public void unregister(Collector collector) {
        super.unregister(collector);
        remove(collector);
    }

    @Override
    public void clear() {
        super.clear();
        close();
    }

    /** Ends the exposition of all families. */
    @Override
    public void close() {
        registrations.keySet().forEach(this::remove);
    }

    private void remove(Object collector) {
        Registration registration = registrations.remove(collector);
        if (registration != null) {
            registration.close();
        }
    }
}
