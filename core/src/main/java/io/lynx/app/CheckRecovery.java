package io.lynx.app;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthEvent;
import io.lynx.health.HealthEvent.CheckRan;
import io.lynx.health.HealthMonitor;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells the recovery manager of plugins' checks that fail, once they have failed as often in a row as their threshold says
 * and then with each further run, and of those that are well. The framework's own checks are passed over, as the
 * manager's is among them; so are those that are only shown. Thread-safe.
 */
final class CheckRecovery implements Consumer<HealthEvent> {
    private static final Classification REPORTED = Classification.of(
                    ErrorCategory.PLUGIN, ErrorSeverity.MEDIUM, Disposition.UNKNOWN)
            .withErrorType("health_check");
    private static final Classification TIMED_OUT =
            Classification.of(ErrorCategory.TIMEOUT, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);

    private final ErrorRecoveryManager manager;
    private final Function<String, Optional<PluginStatus>> plugins;

    CheckRecovery(ErrorRecoveryManager manager, Function<String, Optional<PluginStatus>> plugins) {
        this.manager = manager;
        this.plugins = plugins;
    }

    @Override
    public void accept(HealthEvent event) {
        if (event instanceof CheckRan ran && ran.isConfirmed() && matters(ran.report())) {
            switch (ran.outcome()) {
                case HEALTHY ->
                    manager.checkHealed(ran.report().plugin(), ran.report().name());
                case UNHEALTHY, EXCEPTION, TIMEOUT ->
                    plugins.apply(ran.report().plugin()).ifPresent(plugin -> failed(plugin, ran));
            }
        }
    }

    private static boolean matters(CheckReport report) {
        return !report.plugin().equals(HealthMonitor.OWN_PLUGIN) && report.criticality() != Criticality.INFO;
    }

    private void failed(PluginStatus plugin, CheckRan ran) {
        switch (plugin.state()) {
            case RUNNING -> record(ran);
            case FAILED, ABANDONED -> {
                if (plugin.failure() != null && ran.report().name().equals(plugin.id())) {
                    // The check only tells again what has happened, and looking at it does not bring the plugin back.
                    manager.recordError(ErrorReport.builder(plugin.id())
                            .origin(ErrorOrigin.lastingCheck(plugin.id()))
                            .throwable(plugin.failure())
                            .context(context(ran))
                            .build());
                }
            }
            case NEW, STARTING, STOPPING, STOPPED -> {}
        }
    }

    private void record(CheckRan ran) {
        CheckReport report = ran.report();
        ErrorOrigin origin = ErrorOrigin.check(report.name());
        ErrorReport.Builder error =
                ErrorReport.builder(report.plugin()).origin(origin).context(context(ran));
        manager.recordError(
                ran.thrown() != null
                        ? error.throwable(ran.thrown()).build()
                        : error.message(report.error())
                                .classification(ran.outcome() == HealthEvent.Outcome.TIMEOUT ? TIMED_OUT : REPORTED)
                                .build());
    }

    private static Map<String, Object> context(CheckRan ran) {
        return Map.of(
                "check", ran.report().name(), "failures_in_a_row", ran.report().consecutiveFailures());
    }
}
