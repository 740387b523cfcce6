package io.lynx.health;

import io.lynx.health.HealthCheckConfig.Check;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values in force for one check: from its own configuration, otherwise its options, otherwise the configuration of
 * all checks. Immutable.
 */
record CheckPlan(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        Criticality criticality,
        Set<Group> groups) {
    /**
     * Merges options and configuration.
     *
     * @throws IllegalArgumentException if an external check would be part of liveness; the message begins with
     *     {@code subject}
     */
    static CheckPlan of(String subject, String name, HealthCheckOptions options, HealthCheckConfig config) {
        Check own = config.of(name);
        Set<Group> groups = own.groups().isEmpty() ? options.groups() : Set.copyOf(own.groups());
        if (groups.contains(Group.LIVENESS) && !options.isInternal()) {
            throw new IllegalArgumentException(subject
                    + " is external; liveness accepts internal() checks only, since a restart does not repair"
                    + " a dependency. Use READINESS");
        }
        return new CheckPlan(
                config.enabled() && own.enabled(),
                first(own.interval(), options.interval(), config.interval()),
                first(own.timeout(), options.timeout(), config.timeout()),
                first(own.failureThreshold(), options.failureThreshold(), config.failureThreshold()),
                first(own.successThreshold(), options.successThreshold(), config.successThreshold()),
                first(own.criticality(), null, options.effectiveCriticality()),
                groups);
    }

    CheckPlan withEnabled(boolean override) {
        return new CheckPlan(override, interval, timeout, failureThreshold, successThreshold, criticality, groups);
    }

    private static <T> T first(@Nullable T configured, @Nullable T registered, T general) {
        return configured != null ? configured : registered != null ? registered : general;
    }

    /** The age from which a result is too old: two further runs should have ended by then. */
    Duration staleAfter() {
        return interval.multipliedBy(2).plus(timeout);
    }

    /**
     * Returns the time from the start of a run to the start of the next. A check that fails, or does not count as healthy
     * again yet, runs three times as often.
     */
    Duration period(boolean isHealthy) {
        return isHealthy ? interval : interval.dividedBy(3);
    }

    /** Returns the least time between two runs, for a run that took longer than the period. */
    Duration leastPause(boolean isHealthy) {
        return period(isHealthy).dividedBy(10);
    }
}
