package io.lynx.app;

import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthEvent;
import io.lynx.health.HealthEvent.CheckRan;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerEvent;
import io.lynx.resilience.CircuitBreakerMode;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Records the failures of plugins' health checks as errors, once the configured number of consecutive runs have failed and
 * then with each further failed run, and notes the checks that pass. A check that passes also ends the open state of its
 * plugin's circuit breaker, so that calls are tried again as soon as the dependency is back. Conversely, a breaker that opens makes the
 * check of its name run at once, until that has passed or its failure is confirmed, so that health does not report a dependency as UP
 * until the next interval. The framework's own checks and those of criticality INFO are ignored. Thread-safe.
 */
final class CheckRecovery implements Consumer<HealthEvent> {
    /** The check that reports errors, recoveries and open breakers. */
    static final String OWN_CHECK = "lynx.recovery";

    private static final Classification REPORTED = Classification.of(
                    ErrorCategory.PLUGIN, ErrorSeverity.MEDIUM, Disposition.UNKNOWN)
            .withErrorType("health_check");
    private static final Classification TIMED_OUT =
            Classification.of(ErrorCategory.TIMEOUT, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);

    private final ErrorRecoveryManager manager;
    private final CircuitBreakers breakers;
    private final Function<String, Optional<PluginStatus>> plugins;
    private final Consumer<String> runSoon;

    /**
     * Creates a listener.
     *
     * @param plugins finds a plugin by its id
     * @param runSoon runs the check of a name as soon as possible, if there is one
     */
    CheckRecovery(
            ErrorRecoveryManager manager,
            CircuitBreakers breakers,
            Function<String, Optional<PluginStatus>> plugins,
            Consumer<String> runSoon) {
        this.manager = manager;
        this.breakers = breakers;
        this.plugins = plugins;
        this.runSoon = runSoon;
    }

    /** Runs the check of a breaker that has opened because calls fail, and the one that reports which breakers are open. */
    void on(CircuitBreakerEvent event) {
        if (event instanceof CircuitBreakerEvent.StateChanged changed) {
            if (changed.mode() == CircuitBreakerMode.AUTOMATIC
                    && changed.from() == CircuitBreakerState.CLOSED
                    && changed.to() == CircuitBreakerState.OPEN) {
                runSoon.accept(changed.breaker());
            }
            if (changed.to() != CircuitBreakerState.HALF_OPEN) {
                runSoon.accept(OWN_CHECK);
            }
        }
    }

    @Override
    public void accept(HealthEvent event) {
        if (event instanceof CheckRan ran && matters(ran.report())) {
            switch (ran.outcome()) {
                case HEALTHY -> {
                    if (ran.isConfirmed()) {
                        passed(ran.report());
                    }
                }
                case UNHEALTHY, EXCEPTION, TIMEOUT -> {
                    if (ran.isConfirmed()) {
                        plugins.apply(ran.report().plugin()).ifPresent(plugin -> failed(plugin, ran));
                    } else if (isOpen(ran.report().name())) {
                        runSoon.accept(ran.report().name());
                    }
                }
            }
        }
    }

    private boolean isOpen(String breaker) {
        return breakers.find(breaker)
                .filter(found -> found.state() == CircuitBreakerState.OPEN)
                .isPresent();
    }

    private static boolean matters(CheckReport report) {
        return !report.plugin().equals(HealthMonitor.OWN_PLUGIN) && report.criticality() != Criticality.INFO;
    }

    private void passed(CheckReport report) {
        manager.checkHealed(report.plugin(), report.name());
        Health last = report.last();
        if (last != null && last.status() == HealthStatus.UP) {
            // A check that is DEGRADED may be so because of the breaker.
            boolean _ =
                    breakers.find(report.name()).map(CircuitBreaker::probeNow).orElse(false);
        }
    }

    private void failed(PluginStatus plugin, CheckRan ran) {
        switch (plugin.state()) {
            case RUNNING -> record(ran);
            case FAILED, ABANDONED -> {
                if (plugin.failure() != null && ran.report().name().equals(plugin.id())) {
                    manager.recordError(ErrorReport.builder(plugin.id())
                            .origin(ErrorOrigin.check(plugin.id(), ErrorOrigin.Cause.NOT_RUNNING))
                            .throwable(plugin.failure())
                            .classification(PluginRecovery.classify(manager.classifier(), plugin.failure()))
                            .context(context(ran))
                            .build());
                }
            }
            case NEW, STARTING, STOPPING, STOPPED -> {}
        }
    }

    private void record(CheckRan ran) {
        CheckReport report = ran.report();
        Classification classification = ran.thrown() != null
                ? manager.classifier().classify(ran.thrown())
                : ran.outcome() == HealthEvent.Outcome.TIMEOUT ? TIMED_OUT : REPORTED;
        manager.recordError(ErrorReport.builder(report.plugin())
                .origin(ErrorOrigin.check(report.name(), cause(ran, classification)))
                .throwable(ran.thrown())
                .message(ran.thrown() == null ? report.error() : null)
                .classification(classification)
                .context(context(ran))
                .build());
    }

    /**
     * Returns whether a restart of the plugin may help. Without an exception, only an internal check proves that. A check
     * that is less than critical proves it only if it is the plugin's own: otherwise the service can do without it.
     */
    private static ErrorOrigin.Cause cause(CheckRan ran, Classification classification) {
        CheckReport report = ran.report();
        boolean isOfPlugin =
                report.criticality() == Criticality.CRITICAL || Objects.equals(report.name(), report.plugin());
        boolean isInternal = report.isInternal() || (ran.thrown() != null && !classification.isExternal());
        return isOfPlugin && isInternal ? ErrorOrigin.Cause.INTERNAL : ErrorOrigin.Cause.EXTERNAL;
    }

    private static Map<String, Object> context(CheckRan ran) {
        return Map.of(
                "check", ran.report().name(), "failures_in_a_row", ran.report().consecutiveFailures());
    }
}
