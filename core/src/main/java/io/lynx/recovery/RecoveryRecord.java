package io.lynx.recovery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One recovery that was tried. Immutable.
 *
 * @param id unique in this process
 * @param errorId the error that it began with
 * @param component what was to be recovered
 * @param errorType the type of the error
 * @param severity the severity of the error
 * @param strategy the last strategy tried; null if it did not come to one
 * @param result how it ended
 * @param note what there is to say about it; null if nothing
 * @param startedAt by the wall clock
 * @param duration from its start to its end
 */
public record RecoveryRecord(
        String id,
        String errorId,
        String component,
        String errorType,
        ErrorSeverity severity,
        @Nullable String strategy,
        Result result,
        @Nullable String note,
        Instant startedAt,
        Duration duration) {
    /** How a recovery ended. */
    public enum Result {
        /** Verified. */
        RECOVERED,
        /** The component works with less. */
        DEGRADED,
        /** Nothing helped. */
        FAILED,
        /** No strategy had anything to do. */
        SKIPPED,
        /** A strategy did not return when interrupted. */
        ABANDONED,
        /** The application stopped. */
        CANCELLED,
        /** The recovery breaker of the error type did not let it begin. */
        REFUSED,
        /** It was given up before it began or on its way, and the component parked. */
        PARKED
    }
}
