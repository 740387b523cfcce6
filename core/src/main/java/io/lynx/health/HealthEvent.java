package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import org.jspecify.annotations.Nullable;

/** Something that happened to the health of an application. */
public sealed interface HealthEvent {
    /** How a run ended. */
    enum Outcome {
        /** With UP or DEGRADED. */
        WELL,
        /** With another status. */
        UNWELL,
        /** By an exception. */
        EXCEPTION,
        /** It was given up, or the one before it still hangs. */
        TIMEOUT
    }

    /**
     * A run ended or was given up, whether or not anything changed by it.
     *
     * @param report how the check stands now
     * @param outcome how the run ended
     * @param isConfirmed whether so many runs in a row have ended like that, well or not, as the check's threshold asks for
     * @param thrown what ended the run; null if it was no exception
     */
    record CheckRan(
            CheckReport report,
            Outcome outcome,
            boolean isConfirmed,
            @Nullable Throwable thrown) implements HealthEvent {}

    /**
     * A check counts as something else now.
     *
     * @param report how it stands now
     * @param from what it counted as before
     */
    record CheckChanged(CheckReport report, HealthStatus from) implements HealthEvent {}

    /**
     * A probe, or the whole, has changed.
     *
     * @param group the probe; null for the whole
     * @param from what it was
     * @param to what it is
     */
    record StatusChanged(@Nullable Group group, HealthStatus from, HealthStatus to) implements HealthEvent {}
}
