package io.lynx.app;

import io.lynx.container.PluginObserver;
import io.lynx.event.EventsBuilder;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.JvmInstruments;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.metrics.Samples;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Nearly all is pulled: a source reads the snapshot that a part of the application gives anyway, when somebody scrapes.
 * Pushed is only what no snapshot holds: durations, which go into histograms, and what is counted by kinds that its owner
 * does not tell apart. There is one class for each part; none of them does anything before the first scrape but to hear
 * what it counts.
 */

/**
 * Feeds the metrics of an application with all that the framework knows of itself. If {@code lynx.metrics.enabled} is
 * false it feeds nothing, and the metrics hold what others record. Thread-safe.
 */
final class FrameworkMetrics {
    private final ProductionMetrics metrics;
    private final ApplicationView application;
    private final Ticker ticker;
    private final VirtualThreads threads;
    private final LoggingBackends logging;
    private final @Nullable Parts parts;

    /** What hears of things as they happen. */
    private record Parts(
            PluginMetrics plugins,
            CheckMetrics checks,
            BreakerMetrics breakers,
            RecoveryMetrics recovery,
            EventMetrics events) {}

    FrameworkMetrics(
            Blueprint blueprint,
            ApplicationView application,
            Ticker ticker,
            Scheduler scheduler,
            VirtualThreads threads,
            LoggingBackends logging) {
        MetricsConfig config = blueprint.binding().get(MetricsConfig.SECTION);
        this.application = application;
        this.ticker = ticker;
        this.threads = threads;
        this.logging = logging;
        this.metrics = ProductionMetrics.builder()
                .config(config)
                .scheduler(scheduler)
                .service(blueprint.identity().name())
                .build();
        this.parts = config.enabled() ? parts(metrics.registry(), blueprint) : null;
    }

    private static Parts parts(MetricRegistry registry, Blueprint blueprint) {
        Map<String, String> pluginNames = new HashMap<>();
        for (String id : blueprint.graph().order()) {
            pluginNames.put(id, blueprint.graph().descriptor(id).name());
        }
        return new Parts(
                new PluginMetrics(registry),
                new CheckMetrics(registry, pluginNames),
                new BreakerMetrics(registry),
                new RecoveryMetrics(registry, pluginNames),
                new EventMetrics(registry));
    }

    ProductionMetrics metrics() {
        return metrics;
    }

    /** Has latencies of events measured. */
    void observe(EventsBuilder events) {
        if (parts != null) {
            EventsBuilder _ = events.observer(parts.events);
        }
    }

    /** Has calls through breakers that run out of time counted. */
    void observe(CircuitBreakers.Builder breakers) {
        if (parts != null) {
            var _ = breakers.listener(parts.breakers::on);
        }
    }

    /** Has the runs of checks measured. */
    void observe(HealthMonitor health) {
        if (parts != null) {
            var _ = health.addListener("metrics", parts.checks);
        }
    }

    /** Hears what {@code next} hears, and hands it on. */
    PluginObserver before(PluginObserver next) {
        return parts == null ? next : parts.plugins.before(next);
    }

    /** Counts the errors and recoveries of {@code recovery}. */
    void observe(ErrorRecoveryManager recovery) {
        if (parts != null) {
            var _ = recovery.addListener("metrics", parts.recovery::on);
        }
    }

    /** Has the parts of the application asked at every scrape from now on. */
    void attach(Assembly assembly) {
        if (parts == null) {
            return;
        }
        MetricRegistry registry = metrics.registry();
        HealthScore score = new HealthScore(assembly.health(), assembly.breakers(), assembly.recovery());
        var _ = registry.source("application", new ApplicationSource(application, assembly, ticker, score));
        var _ = registry.source("system", new SystemSource(() -> virtualThreads(assembly)));
        var _ = JvmInstruments.register(registry);
        var _ = registry.source(
                "plugins", parts.plugins.over(assembly.container(), assembly.health(), assembly.recovery()::isParked));
        var _ = registry.source("breakers", parts.breakers.over(assembly.breakers(), assembly.recovery()));
        var _ = registry.source("health", parts.checks.over(assembly.health(), assembly.container()));
        var _ = registry.source("recovery", parts.recovery.over(assembly.recovery()));
        var _ = registry.source("events", parts.events.over(assembly.events()));
        var _ = registry.source("log", this::logEvents);
    }

    /** Requests count one each, as each has a thread while it is served. */
    private long virtualThreads(Assembly assembly) {
        return threads.live()
                + assembly.container().threads()
                + assembly.container().traffic().inFlight();
    }

    private void logEvents(Samples out) {
        logging.counts()
                .forEach((level, count) -> out.add(
                        Catalogue.LOG_EVENTS, (double) count, level.name().toLowerCase(Locale.ROOT)));
    }

    /** Begins to compute what is derived. */
    void start() {
        if (parts != null) {
            metrics.start();
        }
    }

    /** Ends that; what was measured can still be read. */
    void stop() {
        metrics.stop();
    }
}
