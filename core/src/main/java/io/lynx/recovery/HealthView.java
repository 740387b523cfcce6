package io.lynx.recovery;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Works out what errors and recoveries mean for the application's health. Reads only; thread-safe. */
final class HealthView {
    private final Supplier<ErrorRecoveryConfig> settings;
    private final ErrorTypes types;
    private final Components components;
    private final CircuitBreakers breakers;
    private final Predicate<String> required;
    private final @Nullable HealthMonitor monitor;

    /** The status, and why. */
    record Finding(HealthStatus status, List<String> reasons) {}

    HealthView(
            Supplier<ErrorRecoveryConfig> settings,
            ErrorTypes types,
            Components components,
            CircuitBreakers breakers,
            Predicate<String> required,
            @Nullable HealthMonitor monitor) {
        this.settings = settings;
        this.types = types;
        this.components = components;
        this.breakers = breakers;
        this.required = required;
        this.monitor = monitor;
    }

    /** From errors and recoveries alone. */
    Finding find(long now, int active) {
        return find(now, active, List.of());
    }

    /** From health checks too, but for the framework's own, one of which tells what {@link #find} finds. */
    Finding findAll(long now, int active) {
        return find(
                now, active, monitor == null ? List.of() : monitor.snapshot().checks());
    }

    private Finding find(long now, int active, List<CheckReport> checks) {
        List<String> down = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        for (CheckReport check : checks) {
            if (check.enabled() && !check.plugin().equals(HealthMonitor.OWN_PLUGIN)) {
                addReason(check, down, degraded);
            }
        }
        ErrorRecoveryConfig config = settings.get();
        for (ErrorTypes.Counts counts : types.all()) {
            long recent = counts.recent(now);
            if (recent > config.errorThreshold()) {
                down.add("error type '" + counts.errorType + "': " + recent + " errors within "
                        + config.errorWindow().toSeconds() + "s; healthy is up to " + config.errorThreshold());
            }
        }
        for (CircuitBreaker breaker : breakers.all()) {
            switch (breaker.state()) {
                case OPEN -> down.add("circuit breaker '" + breaker.name() + "': open");
                case HALF_OPEN -> {
                    // Only the next error brings a probe, so without errors it would stay so for ever.
                    if (types.isRecent(breaker.name(), now)) {
                        degraded.add("circuit breaker '" + breaker.name() + "': half-open");
                    }
                }
                case CLOSED -> {}
            }
        }
        for (Component component : components.all()) {
            addReasons(component, now, down, degraded);
        }
        if (components.hasUntrackedCritical(now)) {
            down.add("a critical error of a component that there was no room for");
        }
        if (active > 0) {
            degraded.add("recoveries under way: " + active);
        }
        down.sort(Comparator.naturalOrder());
        degraded.sort(Comparator.naturalOrder());
        HealthStatus status =
                !down.isEmpty() ? HealthStatus.DOWN : !degraded.isEmpty() ? HealthStatus.DEGRADED : HealthStatus.UP;
        down.addAll(degraded);
        return new Finding(status, List.copyOf(down));
    }

    private static void addReason(CheckReport check, List<String> down, List<String> degraded) {
        boolean isWell = check.status() == HealthStatus.UP || check.isPending();
        if (isWell || check.criticality() == Criticality.INFO) {
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
        long window = settings.get().errorWindow().toNanos();
        if (component.state() instanceof Component.Parked(String reason, ErrorOrigin _)) {
            boolean isRequired = components.recovery(component.name()).required() || required.test(component.name());
            (isRequired ? down : degraded).add(subject + "parked; " + reason);
        } else if (component.state() instanceof Component.Quarantined) {
            degraded.add(subject + "quarantined; a strategy does not end");
        }
        if (component.hasUnrecoveredCritical(now, window)) {
            down.add(subject + "a critical error is not recovered from");
        } else if (component.isDegraded(now, window)) {
            degraded.add(subject + "fallback active");
        }
    }
}
