package io.lynx.health;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a check is registered: when it runs and what its result means. Immutable; start from {@link #defaults} and change
 * single values. A value that is null comes from {@code lynx.health_check}; {@code lynx.health_check.checks.<name>}
 * overrides both.
 *
 * @param groups the probes that the check is part of; a check without groups counts in the overall health alone
 * @param criticality the effect of a failure; null for {@link Criticality#DEGRADING}, or {@link Criticality#CRITICAL}
 *     if the check is internal
 * @param interval from the start of a run to the start of the next, 10 ms to 1 day
 * @param timeout of one run, 1 ms to 1 hour
 * @param failureThreshold consecutive failures before the check counts as failed, 1 to 1,000
 * @param successThreshold consecutive successes before a failed check counts as healthy again, 1 to 1,000
 * @param isInternal whether the check depends on nothing outside this process and its node
 */
public record HealthCheckOptions(
        Set<Group> groups,
        @Nullable Criticality criticality,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer failureThreshold,
        @Nullable Integer successThreshold,
        boolean isInternal) {
    private static final HealthCheckOptions DEFAULTS =
            new HealthCheckOptions(EnumSet.of(Group.READINESS), null, null, null, null, null, false);

    /** The probes. */
    public enum Group {
        /**
         * Whether the process should be restarted. Only {@link #internal} checks belong here: a restart does not repair an
         * external dependency, and one that is down would restart every instance.
         */
        LIVENESS,
        /** Whether this instance should receive requests. */
        READINESS,
        /** Whether the application has started. */
        STARTUP
    }

    /** The effect of a failing check on the probes that it is part of, and on the overall health. */
    public enum Criticality {
        /** They are DOWN: a failing check takes this instance out of traffic. */
        CRITICAL,
        /** They are DEGRADED: the instance keeps receiving requests. */
        DEGRADING,
        /** None; the result is only shown. */
        INFO
    }

    /**
     * Copies the groups.
     *
     * @throws IllegalArgumentException if a duration or a threshold is out of its range
     */
    public HealthCheckOptions {
        groups = Set.copyOf(groups);
        CheckLimits.requireAll("health check ", interval, timeout, failureThreshold, successThreshold);
    }

    /**
     * Returns the options of an external check of readiness with the configured times and thresholds: while it fails, the
     * application is DEGRADED and keeps receiving requests, since another instance would depend on the same thing.
     */
    public static HealthCheckOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy that is part of these probes and no others. */
    public HealthCheckOptions withGroups(Group first, Group... more) {
        return new HealthCheckOptions(
                EnumSet.of(first, more),
                criticality,
                interval,
                timeout,
                failureThreshold,
                successThreshold,
                isInternal);
    }

    /** Returns a copy with this criticality. */
    public HealthCheckOptions withCriticality(Criticality criticality) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** Returns a copy with this interval. */
    public HealthCheckOptions withInterval(Duration interval) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** Returns a copy with this timeout. */
    public HealthCheckOptions withTimeout(Duration timeout) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** Returns a copy with these thresholds, both in consecutive results. */
    public HealthCheckOptions withThresholds(int failures, int successes) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failures, successes, isInternal);
    }

    /**
     * Returns a copy for a check that depends on this instance alone, such as its threads, queues, memory or local disk, and
     * never on the network or another service. Such a check is CRITICAL unless another criticality is set, because routing
     * requests to another instance helps, and only such a check may be part of {@link Group#LIVENESS}.
     */
    public HealthCheckOptions internal() {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failureThreshold, successThreshold, true);
    }

    /** Returns the criticality that was set, or the default of an internal or external check. */
    Criticality effectiveCriticality() {
        return Objects.requireNonNullElse(criticality, isInternal ? Criticality.CRITICAL : Criticality.DEGRADING);
    }
}
