package io.lynx.app.telemetry;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to plugins and reports their states. Besides the error types that are recorded for a plugin, its
 * lifecycle has four: {@code start_failed}, {@code start_timeout}, {@code stop_failed} and {@code stop_timeout}. Thread-safe.
 */
final class PluginMetrics {
    private static final String[] ERRORS = {"start_failed", "start_timeout", "stop_failed", "stop_timeout"};

    private final MetricRegistry registry;
    private final Predicate<PluginStatus> isRecovered;

    /**
     * The plugins whose stop began without a failure; if such a plugin has a failure at the end, the stop has failed.
     */
    private final Set<String> wellUntilStop = ConcurrentHashMap.newKeySet();

    PluginMetrics(MetricRegistry registry, Predicate<PluginStatus> isRecovered) {
        this.registry = registry;
        this.isRecovered = isRecovered;
    }

    /** Counts what happened to a plugin. */
    void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged state -> changed(state.before(), state.plugin());
            case PluginEvent.StartSlow slow -> startIsSlow(slow);
            case PluginEvent.DeadlineExceeded _,
                    PluginEvent.Abandoned _,
                    PluginEvent.LateResult _,
                    PluginEvent.ThreadDied _,
                    PluginEvent.VirtualMachineFailed _,
                    PluginEvent.JobFinished _,
                    PluginEvent.JobOverdue _,
                    PluginEvent.LeadershipChanged _ -> {}
        }
    }

    /** A slow start is published twice; the first time is before three quarters of its time have passed. */
    private void startIsSlow(PluginEvent.StartSlow slow) {
        if (slow.elapsed().multipliedBy(4).compareTo(slow.allowed().multipliedBy(3)) < 0) {
            registry.counter(
                            Catalogue.SLOW_OPERATIONS,
                            "plugin_start",
                            slow.plugin().id())
                    .increment();
        }
    }

    /**
     * Reports the plugins of this container.
     *
     * @param isParked whether recovery has quarantined the plugin with that id
     */
    MetricSource over(Supplier<List<PluginStatus>> statuses, HealthMonitor health, Predicate<String> isParked) {
        Set<String> known = new HashSet<>();
        return out -> {
            HealthSnapshot snapshot = health.snapshot();
            List<PluginStatus> plugins = statuses.get();
            out.add(Catalogue.PLUGIN_COUNT, plugins.size());
            plugins.forEach(plugin -> {
                known.add(plugin.id());
                tell(out, plugin, snapshot);
                out.add(
                        Catalogue.PLUGIN_PARKED,
                        isParked.test(plugin.id()) ? 1 : 0,
                        plugin.descriptor().name(),
                        plugin.id());
            });
            for (String id : List.copyOf(known)) {
                if (plugins.stream().noneMatch(plugin -> plugin.id().equals(id))) {
                    registry.forget("plugin_id", id);
                    known.remove(id);
                }
            }
        };
    }

    private static void tell(Samples out, PluginStatus plugin, HealthSnapshot health) {
        String id = plugin.id();
        String name = plugin.descriptor().name();
        for (String type : ERRORS) {
            out.add(Catalogue.PLUGIN_ERRORS, 0, name, id, type);
        }
        out.add(Catalogue.PLUGIN_HEALTH, isWell(plugin, health.check(id)) ? 1 : 0, name, id);
        out.add(Catalogue.PLUGIN_START, seconds(plugin.startTime()), name, id);
        out.add(Catalogue.PLUGIN_STOP, seconds(plugin.stopTime()), name, id);
        out.add(Catalogue.PLUGIN_RESTARTS, plugin.restarts(), name, id);
    }

    /** Returns the result of its own check; if that is disabled or has no result yet, a running plugin counts as healthy. */
    private static boolean isWell(PluginStatus plugin, Optional<CheckReport> check) {
        // Before its first result, a check says nothing about a plugin that has just started.
        return check.filter(report -> report.enabled() && (!report.isPending() || report.stale()))
                .map(report -> report.status() == HealthStatus.UP || report.status() == HealthStatus.DEGRADED)
                .orElse(plugin.state() == PluginState.RUNNING);
    }

    private static double seconds(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toNanos() / 1e9;
    }

    private void failed(PluginStatus plugin, String type) {
        registry.counter(Catalogue.PLUGIN_ERRORS, plugin.descriptor().name(), plugin.id(), type)
                .increment();
    }

    private void changed(PluginState before, PluginStatus now) {
        switch (now.state()) {
            case NEW, STARTING, RUNNING -> {}
            case STOPPING -> {
                if (now.failure() == null) {
                    wellUntilStop.add(now.id());
                }
            }
            case STOPPED -> {
                if (wellUntilStop.remove(now.id()) && now.failure() != null) {
                    failed(now, "stop_failed");
                }
            }
            case FAILED -> {
                if (before == PluginState.STARTING && !isRecovered.test(now)) {
                    failed(now, "start_failed");
                }
            }
            case ABANDONED -> abandoned(before, now);
        }
    }

    private void abandoned(PluginState before, PluginStatus now) {
        String operation = before == PluginState.STARTING ? "start" : "stop";
        registry.counter(Catalogue.TIMEOUT_OPERATIONS, "plugin_" + operation, now.id())
                .increment();
        if (before != PluginState.STARTING || !isRecovered.test(now)) {
            failed(now, operation + "_timeout");
        }
        wellUntilStop.remove(now.id());
    }
}
