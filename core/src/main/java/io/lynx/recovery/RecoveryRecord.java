package io.lynx.recovery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One recovery. Immutable.
 *
 * @param id unique in this process
 * @param errorId the error that caused it
 * @param component the component that it was for
 * @param errorType the type of the error
 * @param severity the severity of the error
 * @param strategy the last strategy that was tried; null if there was none
 * @param result how it ended
 * @param note further explanation; null if there is none
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
        /** No strategy helped. */
        FAILED,
        /** No strategy had anything to do. */
        SKIPPED,
        /** A strategy did not return after it was interrupted. */
        ABANDONED,
        /** The application shut down. */
        CANCELLED,
        /** The recovery breaker of the error type rejected it. */
        REFUSED,
        /** It could not help, and the component was quarantined. */
        PARKED
    }
}
