package io.lynx.recovery.run;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reports the numbers of errors and recoveries, and what they mean for the application's health. Thread-safe. */
final class RecoveryReports {
    /** The health of recovery, and the reasons for it, the worst first. */
    record Finding(HealthStatus status, List<String> reasons) {}

    private static final int MAX_RECENT_ERRORS = 100;

    private final RecoveryEngine engine;
    private final ErrorTypeCounts types;
    private final ErrorHistory<RecordedError> history;
    private final Components components;
    private final CircuitBreakers breakers;
    private final @Nullable CircuitBreakers callBreakers;
    private final RecoveryLog log;
    private final Predicate<String> required;
    private final @Nullable HealthMonitor monitor;
    private final Duration errorWindow;

    RecoveryReports(
            RecoveryEngine engine,
            RecoveryEngine.Setup setup,
            ErrorTypeCounts types,
            ErrorHistory<RecordedError> history,
            Components components,
            RecoveryLog log) {
        this.engine = engine;
        this.types = types;
        this.history = history;
        this.components = components;
        this.breakers = setup.breakers();
        this.callBreakers = setup.callBreakers();
        this.log = log;
        this.required = setup.required();
        this.monitor = setup.health();
        this.errorWindow = engine.config().errorWindow();
    }

    ErrorStats errorStats() {
        long now = engine.now();
        Map<String, Long> totals = new TreeMap<>();
        Map<String, Long> recent = new TreeMap<>();
        for (ErrorTypeCounts.Counts counts : types.all()) {
            totals.put(counts.errorType, counts.total());
            long inWindow = counts.recent(now);
            if (inWindow > 0) {
                recent.put(counts.errorType, inWindow);
            }
        }
        ErrorStats.RecoveryStats stats = new ErrorStats.RecoveryStats(
                log.total(),
                log.ended(RecoveryRecord.Result.RECOVERED),
                log.ended(RecoveryRecord.Result.SKIPPED),
                log.ended(RecoveryRecord.Result.ABANDONED),
                engine.runner().active());
        Map<String, CircuitBreakerSnapshot> states = new TreeMap<>();
        for (CircuitBreaker breaker : breakers.all()) {
            states.put(breaker.name(), breaker.snapshot());
        }
        Map<String, ErrorStats.ComponentState> named = new TreeMap<>();
        for (Component component : components.all()) {
            named.put(component.name(), state(component, now));
        }
        return new ErrorStats(
                totals,
                recentErrors(MAX_RECENT_ERRORS),
                stats,
                states,
                new ErrorStats.Window(errorWindow, recent),
                named);
    }

    private ErrorStats.ComponentState state(Component component, long now) {
        return new ErrorStats.ComponentState(
                status(component, now), component.restarts().count(now));
    }

    private String status(Component component, long now) {
        if (component.isParked()) {
            return "parked";
        }
        return switch (component.state()) {
            case Component.Queued _, Component.Running _ -> "recovering";
            case Component.Parked _ -> "parked";
            case Component.Held _ -> "quarantined";
            case Component.Idle _, Component.Cooling _, Component.Forgotten _ -> {
                if (engine.isDown(component.name()) || component.health().hasFailed(now, errorWindow.toNanos())) {
                    yield "failed";
                }
                if (component.quarantine() != null) {
                    yield "recovering";
                }
                yield component.health().isDegraded(now, errorWindow.toNanos()) ? "degraded" : "ok";
            }
        };
    }

    /** Returns totals by type and severity. */
    Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        Map<String, Map<ErrorSeverity, Long>> totals = new TreeMap<>();
        for (ErrorTypeCounts.Counts counts : types.all()) {
            Map<ErrorSeverity, Long> bySeverity = new TreeMap<>(Comparator.naturalOrder());
            for (ErrorSeverity severity : ErrorSeverity.values()) {
                bySeverity.put(severity, counts.total(severity));
            }
            totals.put(counts.errorType, bySeverity);
        }
        return totals;
    }

    /** Returns the number of errors that were counted. */
    long recorded() {
        long recorded = 0;
        for (ErrorTypeCounts.Counts counts : types.all()) {
            recorded += counts.total();
        }
        return recorded;
    }

    /** Returns at most {@code limit} errors recorded in full, the most recent first. */
    List<ErrorRecord> recentErrors(int limit) {
        return history.newest(limit).stream().map(RecordedError::current).toList();
    }

    /** Returns what errors and recoveries mean for health, and the checks too, but for the framework's own. */
    Finding findAll() {
        return find(monitor == null ? List.of() : monitor.snapshot().checks());
    }

    /** Returns what errors and recoveries alone mean for health. */
    Finding find() {
        return find(List.of());
    }

    private Finding find(List<CheckReport> checks) {
        long now = engine.now();
        List<String> down = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        for (CheckReport check : checks) {
            if (check.enabled() && !check.plugin().equals(HealthMonitor.OWN_PLUGIN)) {
                addReason(check, down, degraded);
            }
        }
        ErrorRecoveryConfig config = engine.config();
        for (ErrorTypeCounts.Counts counts : types.all()) {
            long recent = counts.recent(now);
            if (recent > config.errorThreshold()) {
                down.add("error type '" + counts.errorType + "': " + recent + " errors within "
                        + config.errorWindow().toSeconds() + "s; at most " + config.errorThreshold() + " are healthy");
            }
        }
        for (CircuitBreaker breaker : breakers.all()) {
            CircuitBreakerSnapshot state = breaker.snapshot();
            if (rejects(state)) {
                down.add("circuit breaker '" + breaker.name() + "': open");
            } else if (state.state() != CircuitBreakerState.CLOSED && types.isRecent(breaker.name(), now)) {
                // Only the next error brings a probe, so without errors it would stay half-open for ever.
                degraded.add("circuit breaker '" + breaker.name() + "': half-open");
            }
        }
        if (callBreakers != null) {
            addOpen(callBreakers, degraded);
        }
        for (Component component : components.all()) {
            addReasons(component, now, down, degraded);
        }
        if (components.hasUntrackedCritical(now)) {
            down.add("a critical error of a component beyond the limit of " + Components.LIMIT);
        }
        int active = engine.runner().active();
        if (active > 0) {
            degraded.add("recoveries in progress: " + active);
        }
        down.sort(Comparator.naturalOrder());
        degraded.sort(Comparator.naturalOrder());
        HealthStatus status =
                !down.isEmpty() ? HealthStatus.DOWN : !degraded.isEmpty() ? HealthStatus.DEGRADED : HealthStatus.UP;
        down.addAll(degraded);
        return new Finding(status, List.copyOf(down));
    }

    /** Calls that are rejected degrade the application, whose other work goes on. */
    private static void addOpen(CircuitBreakers ofCalls, List<String> degraded) {
        for (CircuitBreaker breaker : ofCalls.all()) {
            if (rejects(breaker.snapshot())) {
                degraded.add("circuit breaker '" + breaker.name() + "': open");
            }
        }
    }

    /** Returns whether a breaker is open and its time is not over; after that, only the next call tells whether it works again. */
    private static boolean rejects(CircuitBreakerSnapshot breaker) {
        return breaker.state() == CircuitBreakerState.OPEN && !breaker.isProbeDue();
    }

    private static void addReason(CheckReport check, List<String> down, List<String> degraded) {
        boolean isHealthy = check.status() == HealthStatus.UP || check.isPending();
        if (isHealthy || check.criticality() == Criticality.INFO) {
            return;
        }
        // The check's own status, not its effect on routing: a DEGRADING check that is DOWN is reported as such.
        boolean isDown =
                check.status() != HealthStatus.DEGRADED && check.groups().contains(Group.READINESS);
        String reason = "health check '" + check.name() + "': " + check.status().name();
        (isDown ? down : degraded).add(check.error() == null ? reason : reason + "; " + check.error());
    }

    private void addReasons(Component component, long now, List<String> down, List<String> degraded) {
        String subject = "component '" + component.name() + "': ";
        Component.Quarantine quarantine = component.quarantine();
        if (quarantine != null) {
            boolean isRequired = components.recovery(component.name()).required() || required.test(component.name());
            if (component.isParked()) {
                (isRequired ? down : degraded).add(subject + "quarantined; " + quarantine.reason());
            } else {
                degraded.add(subject + "on probation after its quarantine; " + quarantine.reason());
            }
        }
        if (component.state() instanceof Component.Held) {
            degraded.add(subject + "held by a strategy that does not return");
        }
        if (component.health().hasUnrecoveredCritical(now, errorWindow.toNanos())) {
            down.add(subject + "a critical error is not recovered");
        } else if (component.health().isDegraded(now, errorWindow.toNanos())) {
            degraded.add(subject + "fallback active");
        }
    }
}
