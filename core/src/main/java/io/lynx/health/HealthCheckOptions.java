package io.lynx.health;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a check is run and what its result means. Immutable; start from {@link #defaults} and change what differs. What is
 * left null comes from {@code lynx.health_check}; what {@code lynx.health_check.checks.<name>} says is stronger than either.
 *
 * @param groups the probes that the check is part of; with none it shows in the whole alone
 * @param criticality what a failure does to the whole
 * @param interval from start to start, 10 ms to 1 day; null for the configured one
 * @param timeout for one run, 1 ms to 1 hour; null for the configured one
 * @param failureThreshold consecutive failures before it counts as failed, 1 to 1,000; null for the configured number
 * @param successThreshold consecutive successes before it counts as well again, 1 to 1,000; null for the configured number
 * @param isInternal the author's word that it looks at nothing outside the process, as {@link Group#LIVENESS} demands
 */
public record HealthCheckOptions(
        Set<Group> groups,
        Criticality criticality,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer failureThreshold,
        @Nullable Integer successThreshold,
        boolean isInternal) {
    private static final HealthCheckOptions DEFAULTS =
            new HealthCheckOptions(EnumSet.of(Group.READINESS), Criticality.CRITICAL, null, null, null, null, false);

    /** The probes. */
    public enum Group {
        /**
         * Whether the process should be restarted. Only {@link #internal} checks belong here: a restart cures no outside dependency,
         * and one that is down would take every instance with it.
         */
        LIVENESS,
        /** Whether it should get requests. */
        READINESS,
        /** Whether it has started. */
        STARTUP
    }

    /** What a failing check does to the whole. */
    public enum Criticality {
        /** The whole is DOWN. */
        CRITICAL,
        /** The whole is DEGRADED. */
        DEGRADING,
        /** Nothing; it is only shown. */
        INFO
    }

    /**
     * Copies the groups.
     *
     * @throws IllegalArgumentException if a duration or a threshold is out of its range
     */
    public HealthCheckOptions {
        groups = Set.copyOf(groups);
        Limits.requireAll("health check ", interval, timeout, failureThreshold, successThreshold);
    }

    /** A critical check of readiness, with the configured times and thresholds. */
    public static HealthCheckOptions defaults() {
        return DEFAULTS;
    }

    /** The same in other groups. */
    public HealthCheckOptions groups(Group first, Group... more) {
        return new HealthCheckOptions(
                EnumSet.of(first, more),
                criticality,
                interval,
                timeout,
                failureThreshold,
                successThreshold,
                isInternal);
    }

    /** The same with another criticality. */
    public HealthCheckOptions criticality(Criticality criticality) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** The same with another interval. */
    public HealthCheckOptions interval(Duration interval) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** The same with another timeout. */
    public HealthCheckOptions timeout(Duration timeout) {
        return new HealthCheckOptions(
                groups, criticality, interval, timeout, failureThreshold, successThreshold, isInternal);
    }

    /** The same with other thresholds, both in consecutive results and at least 1. */
    public HealthCheckOptions thresholds(int failures, int successes) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failures, successes, isInternal);
    }

    /**
     * The same for a check that looks at the process alone: its own threads, queues and loops, never the network, a disk
     * or another service. Only such a check may be in {@link Group#LIVENESS}.
     */
    public HealthCheckOptions internal() {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failureThreshold, successThreshold, true);
    }
}
