package io.lynx.app.telemetry;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthEvent;
import io.lynx.health.HealthEvent.CheckRan;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Gauge;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the runs of health checks and reports their states. The check of a plugin that determines its health itself also
 * counts as the operation {@code health} of the plugin. The series of a check that was removed or disabled are dropped; those of
 * a check whose plugin restarts stay. Thread-safe.
 */
final class CheckMetrics implements Consumer<HealthEvent> {
    private final MetricRegistry registry;
    private final Map<String, String> pluginNames;
    private final Predicate<String> hasOwnHealth;
    private final Map<String, Series> series = new ConcurrentHashMap<>();

    /** What is recorded about one check. */
    private record Series(
            String plugin,
            Histogram latency,
            Gauge lastSuccess,
            Counter unwell,
            @Nullable Histogram pluginLatency) {
        void took(CheckRan ran) {
            latency.record(ran.report().duration());
            if (pluginLatency != null) {
                pluginLatency.record(ran.report().duration());
            }
        }
    }

    /**
     * Creates metrics that have measured nothing yet.
     *
     * @param pluginNames the names of the plugins, by id
     * @param hasOwnHealth whether the plugin with an id determines its health itself
     */
    CheckMetrics(MetricRegistry registry, Map<String, String> pluginNames, Predicate<String> hasOwnHealth) {
        this.registry = registry;
        this.pluginNames = pluginNames;
        this.hasOwnHealth = hasOwnHealth;
    }

    @Override
    public void accept(HealthEvent event) {
        if (event instanceof CheckRan ran) {
            CheckReport report = ran.report();
            Series measured = seriesOf(report);
            measured.took(ran);
            switch (ran.outcome()) {
                case HEALTHY -> {
                    Instant at = report.checkedAt();
                    if (at != null) {
                        measured.lastSuccess().set(at.toEpochMilli() / 1e3);
                    }
                }
                case UNHEALTHY -> measured.unwell().increment();
                case EXCEPTION ->
                    registry.counter(Catalogue.HEALTH_ERRORS, report.name(), "exception")
                            .increment();
                case TIMEOUT -> {
                    registry.counter(Catalogue.HEALTH_ERRORS, report.name(), "timeout")
                            .increment();
                    registry.counter(Catalogue.TIMEOUT_OPERATIONS, "health_check", report.name())
                            .increment();
                }
            }
        }
    }

    private Series seriesOf(CheckReport report) {
        Series known = series.get(report.name());
        return known != null ? known : series.computeIfAbsent(report.name(), name -> newSeries(name, report.plugin()));
    }

    /** Exceptions and time-outs are rare and have no alert, so their series begin with the first one. */
    private Series newSeries(String check, String plugin) {
        return new Series(
                plugin,
                registry.histogram(Catalogue.HEALTH_LATENCY, check),
                registry.gauge(Catalogue.HEALTH_LAST_SUCCESS, check),
                registry.counter(Catalogue.HEALTH_ERRORS, check, "unwell"),
                pluginLatency(check, plugin));
    }

    private @Nullable Histogram pluginLatency(String check, String plugin) {
        String name = pluginNames.get(plugin);
        return name != null && check.equals(plugin) && hasOwnHealth.test(plugin)
                ? registry.histogram(Catalogue.PLUGIN_LATENCY, name, plugin, "health")
                : null;
    }

    /** Reports the checks that are enabled, and forgets the others: what was recorded of them says nothing any more. */
    MetricSource over(HealthMonitor health, Supplier<List<PluginStatus>> plugins) {
        return out -> {
            Set<String> present = new HashSet<>();
            for (CheckReport check : health.snapshot().checks()) {
                present.add(check.name());
                if (check.enabled()) {
                    Series _ = seriesOf(check);
                    out.add(Catalogue.HEALTH_STATUS, isWell(check) ? 1 : 0, check.name());
                } else {
                    forget(check.name());
                }
            }
            Set<String> changing = changing(plugins.get());
            series.forEach((name, of) -> {
                if (!present.contains(name) && !changing.contains(of.plugin())) {
                    forget(name);
                }
            });
        };
    }

    private static boolean isWell(CheckReport check) {
        return check.status() == HealthStatus.UP || check.status() == HealthStatus.DEGRADED;
    }

    /** Returns the plugins that are not running and may register their checks again. */
    private static Set<String> changing(List<PluginStatus> plugins) {
        Set<String> changing = new HashSet<>();
        for (PluginStatus plugin : plugins) {
            if (plugin.state() != PluginState.RUNNING) {
                changing.add(plugin.id());
            }
        }
        return changing;
    }

    private void forget(String check) {
        series.computeIfPresent(check, (name, _) -> {
            registry.forget("check_name", name); // Atomically, so that those of a run after it stay.
            return null;
        });
    }
}
