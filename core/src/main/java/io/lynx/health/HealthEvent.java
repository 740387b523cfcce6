package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import org.jspecify.annotations.Nullable;

/** An event in the health of an application, published by its {@link HealthMonitor}. */
public sealed interface HealthEvent {
    /** How a run of a check ended. */
    enum Outcome {
        /** The check reported UP or DEGRADED. */
        HEALTHY,
        /** The check reported another status, without an exception. */
        UNHEALTHY,
        /** The check threw. */
        EXCEPTION,
        /** The run exceeded its timeout, or an earlier one that did still hangs. */
        TIMEOUT
    }

    /**
     * A run ended or exceeded its timeout, whether or not it changed anything. For recovery, three facts matter: whether the
     * check {@linkplain CheckReport#isInternal is internal}, how the run ended, and what it threw.
     *
     * @param report the check after this run
     * @param outcome how the run ended
     * @param isConfirmed whether the configured number of consecutive runs have failed, or succeeded, like this one
     * @param thrown what ended the run; null unless the outcome is {@link Outcome#EXCEPTION}
     */
    record CheckRan(
            CheckReport report,
            Outcome outcome,
            boolean isConfirmed,
            @Nullable Throwable thrown) implements HealthEvent {}

    /**
     * The status of a check changed.
     *
     * @param report the check after the change
     * @param from its status before
     */
    record CheckChanged(CheckReport report, HealthStatus from) implements HealthEvent {}

    /**
     * The status of a probe, or of the whole application, changed.
     *
     * @param group the probe; null for the whole application
     * @param from the status before
     * @param to the status from now on
     */
    record StatusChanged(@Nullable Group group, HealthStatus from, HealthStatus to) implements HealthEvent {}
}
