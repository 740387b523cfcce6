package io.lynx.recovery;

import java.time.Duration;

/**
 * Something that happened to errors or recoveries. Events are delivered one at a time, in their order for one component,
 * on a thread of the manager's, outside any lock; those that do not fit into the queue are counted and left out.
 */
public sealed interface RecoveryEvent {
    /** The component that it happened to. */
    String component();

    /** An error was recorded in full; those that were only counted have no event. */
    record ErrorRecorded(ErrorRecord error) implements RecoveryEvent {
        @Override
        public String component() {
            return error.component();
        }
    }

    /** A recovery began. */
    record RecoveryStarted(String component, String errorType, ErrorSeverity severity, String errorId)
            implements RecoveryEvent {}

    /** A strategy came to an end, or was interrupted and did. */
    record StrategyFinished(
            String component, String errorType, String strategy, RecoveryOutcome outcome, Duration duration)
            implements RecoveryEvent {}

    /** A strategy did not end when interrupted: it keeps its slot and the component is quarantined until it does. */
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
     * A component was given up until somebody resets it.
     *
     * @param reason why
     * @param restarts how often it was restarted within the restart window
     */
    record ComponentParked(String component, String reason, int restarts) implements RecoveryEvent {}

    /** A component that was parked or quarantined may be recovered again. */
    record ComponentReleased(String component) implements RecoveryEvent {}
}
