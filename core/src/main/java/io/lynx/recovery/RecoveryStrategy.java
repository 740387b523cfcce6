package io.lynx.recovery;

import java.time.Duration;

/**
 * A way to recover a component from an error. Must be thread-safe: several components may be recovered at a time, one
 * component only by one strategy at a time. What it throws is a failure that may be tried again.
 */
public interface RecoveryStrategy {
    /** The longest that a strategy may take. */
    Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);

    /** The name in metrics and logs; asked for once. */
    String name();

    /** Whether it knows what to do about such an error. Must not block. */
    boolean canRecover(String errorType, ErrorSeverity severity);

    /** The same with all that is known of the error. Must not block. */
    default boolean canRecover(ErrorRecord record) {
        return canRecover(record.errorType(), record.severity());
    }

    /**
     * Tries, on a virtual thread of its own, which is interrupted when the timeout has passed.
     *
     * @throws Exception if it did not work
     */
    RecoveryOutcome recover(RecoveryContext context) throws Exception;

    /** How long it may take: at most {@link #LONGEST_TIMEOUT}, and what is left of the whole recovery's time. */
    default Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /** Whether it restarts the component, and so counts against {@code max_restarts}. */
    default boolean restarts() {
        return false;
    }

    /** Runs {@code action} up to three times with pauses of 100 ms and 200 ms; passes over what cannot be retried. */
    static RecoveryStrategy retry(RecoveryAction action) {
        return new RetryStrategy(_ -> action);
    }

    /** Stops and starts the component, and what depends on it. */
    static RecoveryStrategy restart(Restarter restarter) {
        return new RestartStrategy(restarter);
    }

    /** Switches to a replacement; the component is then degraded, not recovered. */
    static RecoveryStrategy fallback(RecoveryAction action) {
        return new FallbackStrategy(_ -> action);
    }

    /**
     * Gives up a part of the service so that the rest can go on.
     *
     * @param note what is given up, for an operator
     */
    static RecoveryStrategy degrade(String note, RecoveryAction action) {
        return new DegradeStrategy(note, action);
    }
}
