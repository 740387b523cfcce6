package io.lynx.health;

import io.lynx.health.HealthCheckConfig.Check;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values in force for one check: its own configuration, else its options, else the configuration of all. */
record CheckPlan(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        Criticality criticality,
        Set<Group> groups) {
    private static final Check NOTHING_DIFFERS = new Check(true, null, null, null, null, null, List.of());

    /**
     * Merges options and configuration.
     *
     * @throws IllegalArgumentException if an external check would be part of liveness; the message begins with
     *     {@code subject}
     */
    static CheckPlan of(String subject, String name, HealthCheckOptions options, HealthCheckConfig config) {
        Check own = config.checks().getOrDefault(name, NOTHING_DIFFERS);
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
}
