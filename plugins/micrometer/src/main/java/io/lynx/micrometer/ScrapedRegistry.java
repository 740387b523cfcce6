package io.lynx.micrometer;

import io.lynx.extension.Registration;
import io.lynx.metrics.MetricRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry behind Micrometer's: each family that Micrometer adds to it is shown by the application's own registry as
 * well, for itself, so that one that fails or collides is left out alone. Thread-safe.
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

    /** Shows nothing any more. */
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
