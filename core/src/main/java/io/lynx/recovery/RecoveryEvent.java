package io.lynx.recovery;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened to errors or recoveries. Events are delivered on the thread that causes them, outside of locks:
 * those of recording an error on the thread that records it. A consumer must be quick and must not block; for anything
 * slower, subscribe to the event bus.
 */
public sealed interface RecoveryEvent {
    /** Returns the name of the component that it happened to. */
    String component();

    /**
     * An error was counted. There is one such event for each error, before the {@link ErrorRecorded} of those that are
     * recorded in full.
     *
     * @param errorType the name that it is counted under: one of a bounded number, or {@code other}
     */
    record ErrorCounted(String component, String errorType, ErrorSeverity severity) implements RecoveryEvent {}

    /** An error was recorded in full. */
    record ErrorRecorded(ErrorRecord error) implements RecoveryEvent {
        @Override
        public String component() {
            return error.component();
        }
    }

    /** A recovery began. */
    record RecoveryStarted(String component, String errorType, ErrorSeverity severity, String errorId)
            implements RecoveryEvent {}

    /** A strategy returned, by itself or because it was interrupted. */
    record StrategyFinished(
            String component, String errorType, String strategy, RecoveryOutcome outcome, Duration duration)
            implements RecoveryEvent {}

    /** A strategy did not return after it was interrupted; it holds its component until it does. */
    record StrategyAbandoned(String component, String errorType, String strategy, Duration duration)
            implements RecoveryEvent {}

    /** A recovery ended. */
    record RecoveryFinished(RecoveryRecord recovery) implements RecoveryEvent {
        @Override
        public String component() {
            return recovery.component();
        }
    }

    /**
     * A component was quarantined.
     *
     * @param reason why
     * @param restarts number of its restarts within the restart window
     * @param nextAttempt time until it is restarted again; empty if it stays quarantined until it is reset
     */
    record ComponentQuarantined(String component, String reason, int restarts, Optional<Duration> nextAttempt)
            implements RecoveryEvent {}

    /** The quarantine of a component ended, or an abandoned strategy that held it returned. */
    record ComponentReleased(String component) implements RecoveryEvent {}
}
