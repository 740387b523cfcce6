package io.lynx.app.telemetry;

import io.lynx.config.ConfigEvent;
import io.lynx.event.EventsBuilder;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.JvmInstruments;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.metrics.MetricsConfig;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Almost everything is read at a scrape: a source reads the snapshot that a part of the application offers anyway. Only
 * values that no snapshot has are recorded when they occur: durations, which go into histograms, and counts by kinds that
 * their owner does not distinguish. There is one class for each part of the application.
 */

/**
 * Records the framework's own metrics of an application. If {@code lynx.metrics.enabled} is false, it records nothing.
 * Thread-safe.
 */
public final class FrameworkMetrics {
    private final ProductionMetrics metrics;
    private final @Nullable Parts parts;

    /** The consumers of events. */
    private record Parts(
            PluginMetrics plugins,
            CheckMetrics checks,
            BreakerMetrics breakers,
            RecoveryMetrics recovery,
            EventMetrics events,
            ConfigMetrics config) {}

    /**
     * Creates the metrics of an application.
     *
     * @param service the application's name
     * @param pluginNames the names of its plugins, by id
     * @param hasOwnHealth whether the plugin with an id determines its health itself; evaluated when its check first runs
     * @param isRecovered whether recovery records the failed start of a plugin as an error, so that it is not counted twice
     */
    public FrameworkMetrics(
            MetricsConfig config,
            String service,
            Map<String, String> pluginNames,
            Predicate<String> hasOwnHealth,
            Predicate<PluginStatus> isRecovered,
            Scheduler scheduler,
            InstantSource clock) {
        this.metrics = ProductionMetrics.builder()
                .config(config)
                .scheduler(scheduler)
                .clock(clock)
                .service(service)
                .build();
        MetricRegistry registry = metrics.registry();
        this.parts = !config.enabled()
                ? null
                : new Parts(
                        new PluginMetrics(registry, isRecovered),
                        new CheckMetrics(registry, pluginNames, hasOwnHealth),
                        new BreakerMetrics(registry),
                        new RecoveryMetrics(registry, pluginNames),
                        new EventMetrics(registry),
                        new ConfigMetrics(registry));
    }

    /** Returns the metrics of the application. */
    public ProductionMetrics metrics() {
        return metrics;
    }

    /** Measures the latencies of events. */
    public void observe(EventsBuilder events) {
        if (parts != null) {
            EventsBuilder _ = events.observer(parts.events);
        }
    }

    /** Counts the calls through circuit breakers that time out. */
    public void observe(CircuitBreakers breakers) {
        if (parts != null) {
            var _ = breakers.addListener("metrics", parts.breakers::on);
        }
    }

    /** Measures the runs of health checks. */
    public void observe(HealthMonitor health) {
        if (parts != null) {
            var _ = health.addListener("metrics", parts.checks);
        }
    }

    /** Counts reloads of the configuration. */
    public void observe(Notifier<ConfigEvent> config) {
        if (parts != null) {
            Registration _ = config.add("config metrics", parts.config::on);
        }
    }

    /** Counts what happens to plugins. */
    public void observePlugins(Notifier<PluginEvent> plugins) {
        if (parts != null) {
            Registration _ = plugins.add("plugin metrics", parts.plugins::on);
        }
    }

    /** Counts errors and recoveries. */
    public void observe(ErrorRecoveryManager recovery) {
        if (parts != null) {
            var _ = recovery.addListener("metrics", parts.recovery::on);
        }
    }

    /** Polls the parts of the application at every scrape from now on. */
    public void attach(MeasuredApplication measured) {
        if (parts == null) {
            return;
        }
        MetricRegistry registry = metrics.registry();
        HealthScore score = new HealthScore(measured.health(), measured.breakers(), measured.recovery());
        var _ = registry.source(
                "application", new ApplicationMetrics(measured.application(), measured.identity(), score));
        var _ = registry.source("config", parts.config);
        var _ = registry.source("system", new SystemMetrics(measured.virtualThreads()));
        var _ = JvmInstruments.register(registry);
        var _ = registry.source(
                "plugins", parts.plugins.over(measured.plugins(), measured.health(), measured.recovery()::isParked));
        var _ = registry.source("breakers", parts.breakers.over(measured.breakers(), measured.recovery()));
        var _ = registry.source("health", parts.checks.over(measured.health(), measured.plugins()));
        var _ = registry.source("recovery", parts.recovery.over(measured.recovery()));
        var _ = registry.source("events", parts.events.over(measured.events()));
        var _ = registry.source("log", out -> logEvents(measured, out));
    }

    private static void logEvents(MeasuredApplication measured, Samples out) {
        measured.logEvents()
                .get()
                .forEach((level, count) -> out.add(
                        Catalogue.LOG_EVENTS, (double) count, level.name().toLowerCase(Locale.ROOT)));
    }

    /** Begins to compute derived values. */
    public void start() {
        if (parts != null) {
            metrics.start();
        }
    }

    /** Stops computing them; what was measured can still be read. */
    public void stop() {
        metrics.stop();
    }
}
