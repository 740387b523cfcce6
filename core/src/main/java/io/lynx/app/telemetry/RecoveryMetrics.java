package io.lynx.app.telemetry;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryStrategy.RegisteredStrategy;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Counts all errors, including those that are not kept as records, and the outcomes of strategies. Each run of a
 * strategy counts as one recovery; a recovery that ran no strategy counts for the strategy {@code none}. Thread-safe.
 */
final class RecoveryMetrics {
    private static final String[] STRATEGIES = {"probe", "retry", "restart", "fallback"};
    private static final String[] OUTCOMES = {"recovered", "failed", "abandoned"};
    private static final String NONE = "none";

    private final MetricRegistry registry;
    private final Map<String, String> pluginNames;

    /**
     * Creates metrics that have counted nothing yet.
     *
     * @param pluginNames the names of the plugins, by id
     */
    RecoveryMetrics(MetricRegistry registry, Map<String, String> pluginNames) {
        this.registry = registry;
        this.pluginNames = pluginNames;
    }

    /** Counts what happened. */
    void on(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.ErrorCounted(String component, String errorType, ErrorSeverity _) ->
                errorCounted(component, errorType);
            case RecoveryEvent.StrategyFinished(
                    String component,
                    String errorType,
                    String strategy,
                    RecoveryOutcome outcome,
                    Duration took) -> strategyEnded(errorType, strategy, outcome.label(), took);
            case RecoveryEvent.StrategyAbandoned(
                    String component,
                    String errorType,
                    String strategy,
                    Duration took) -> {
                strategyEnded(errorType, strategy, "abandoned", took);
                registry.counter(Catalogue.TIMEOUT_OPERATIONS, "recovery", component)
                        .increment();
            }
            case RecoveryEvent.RecoveryFinished(RecoveryRecord recovery) -> recoveryEnded(recovery);
            case RecoveryEvent.ErrorRecorded _,
                    RecoveryEvent.RecoveryStarted _,
                    RecoveryEvent.ComponentQuarantined _,
                    RecoveryEvent.ComponentReleased _ -> {}
        }
    }

    private void errorCounted(String component, String errorType) {
        String plugin = pluginNames.get(component);
        if (plugin != null) {
            registry.counter(Catalogue.PLUGIN_ERRORS, plugin, component, errorType)
                    .increment();
        }
    }

    private void strategyEnded(String errorType, String strategy, String outcome, Duration took) {
        registry.histogram(Catalogue.RECOVERY_DURATION, strategy).record(took);
        registry.counter(Catalogue.RECOVERIES, errorType, strategy, outcome).increment();
    }

    private void recoveryEnded(RecoveryRecord recovery) {
        if (recovery.strategy() == null) {
            String result = recovery.result().name().toLowerCase(Locale.ROOT);
            registry.counter(Catalogue.RECOVERIES, recovery.errorType(), NONE, result)
                    .increment();
        }
    }

    /** Reports the errors that this manager has counted. */
    MetricSource over(ErrorRecoveryManager manager) {
        return out -> {
            for (String strategy : STRATEGIES) {
                var _ = registry.histogram(Catalogue.RECOVERY_DURATION, strategy);
            }
            manager.registeredStrategies().forEach(registered -> zeros(registered, out));
            zeros(out);
            manager.errorCounts().forEach((type, bySeverity) -> {
                recoveryZeros(type, out);
                bySeverity.forEach(
                        (severity, count) -> out.add(Catalogue.ERRORS, (double) count, type, severity.label()));
            });
        };
    }

    private void zeros(RegisteredStrategy registered, Samples out) {
        for (String outcome : OUTCOMES) {
            out.add(Catalogue.RECOVERIES, 0, registered.errorType(), registered.strategy(), outcome);
        }
        var _ = registry.histogram(Catalogue.RECOVERY_DURATION, registered.strategy());
        String component = registered.component();
        String plugin = component == null ? null : pluginNames.get(component);
        if (component != null && plugin != null) {
            out.add(Catalogue.PLUGIN_ERRORS, 0, plugin, component, registered.errorType());
        }
    }

    /** Series of what may happen at any time begin at zero, so that the first occurrence is an increase. */
    private static void zeros(Samples out) {
        for (ErrorCategory category : ErrorCategory.values()) {
            for (ErrorSeverity severity : ErrorSeverity.values()) {
                out.add(Catalogue.ERRORS, 0, category.label(), severity.label());
            }
        }
    }

    /** The recoveries of a type begin at zero with its first error; earlier they would make up most of a scrape. */
    private static void recoveryZeros(String errorType, Samples out) {
        for (String strategy : STRATEGIES) {
            for (String outcome : OUTCOMES) {
                out.add(Catalogue.RECOVERIES, 0, errorType, strategy, outcome);
            }
        }
    }
}
