package io.lynx.health;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a check is run and what its result means. Immutable; start from {@link #defaults} and change what differs. What is
 * left null comes from {@code lynx.health_check}.
 *
 * @param groups the probes that the check is part of
 * @param criticality what a failure does to the whole
 * @param interval between runs; null for the configured one
 * @param timeout for one run; null for the configured one
 * @param failureThreshold consecutive failures before it counts as failed; null for the configured number
 * @param successThreshold consecutive successes before it counts as well again; null for the configured number
 */
public record HealthCheckOptions(
        Set<Group> groups,
        Criticality criticality,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer failureThreshold,
        @Nullable Integer successThreshold) {
    private static final HealthCheckOptions DEFAULTS =
            new HealthCheckOptions(EnumSet.of(Group.READINESS), Criticality.CRITICAL, null, null, null, null);

    /** The probes. */
    public enum Group {
        /** Whether the process should be restarted; internal checks only. */
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

    /** Copies the groups. */
    public HealthCheckOptions {
        groups = Set.copyOf(groups);
    }

    /** A critical check of readiness, with the configured times and thresholds. */
    public static HealthCheckOptions defaults() {
        return DEFAULTS;
    }

    /** The same in other groups. */
    public HealthCheckOptions groups(Group first, Group... more) {
        return new HealthCheckOptions(
                EnumSet.of(first, more), criticality, interval, timeout, failureThreshold, successThreshold);
    }

    /** The same with another criticality. */
    public HealthCheckOptions criticality(Criticality criticality) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failureThreshold, successThreshold);
    }

    /** The same with another interval. */
    public HealthCheckOptions interval(Duration interval) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failureThreshold, successThreshold);
    }

    /** The same with another timeout. */
    public HealthCheckOptions timeout(Duration timeout) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failureThreshold, successThreshold);
    }

    /** The same with other thresholds, both in consecutive results and at least 1. */
    public HealthCheckOptions thresholds(int failures, int successes) {
        return new HealthCheckOptions(groups, criticality, interval, timeout, failures, successes);
    }
}
