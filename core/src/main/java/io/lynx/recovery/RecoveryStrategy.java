package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;
import io.lynx.recovery.ComponentRecovery.RecoveryAction;
import io.lynx.recovery.run.BuiltInStrategies;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A way to recover a component from an error. Implementations are thread-safe: several components may be recovered at the
 * same time, but one component by one strategy at a time. What a strategy throws counts as a failure that may be retried.
 */
@ExtensionPoint(
        thread = "the platform thread of the recovery",
        deadline = "timeout(), within lynx.error_recovery.recovery_timeout")
public interface RecoveryStrategy {
    /** The longest timeout of a strategy. */
    Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);

    /**
     * A registered strategy.
     *
     * @param component the component whose errors it is for; null for those of all
     * @param errorType the error type that it is for, or the name of a category
     * @param strategy its name
     */
    record RegisteredStrategy(@Nullable String component, String errorType, String strategy) {}

    /** Returns the name in metrics and logs; called once, when the strategy is registered. */
    String name();

    /** Returns whether the strategy applies to such an error. Must not block. */
    boolean canRecover(String errorType, ErrorSeverity severity);

    /** Returns whether the strategy applies to the error. Must not block. */
    default boolean canRecover(ErrorRecord record) {
        return canRecover(record.errorType(), record.severity());
    }

    /**
     * Recovers the component. The thread is interrupted when the timeout has passed.
     *
     * @throws Exception if it failed
     */
    RecoveryOutcome recover(RecoveryContext context) throws Exception;

    /** Returns the timeout: at most {@link #LONGEST_TIMEOUT}, and what is left of the recovery's time. */
    default Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /** Returns whether the strategy restarts the component, and so counts towards {@code max_restarts}. */
    default boolean restarts() {
        return false;
    }

    /** Returns a strategy that runs {@code action} up to three times with pauses of 100 ms and 200 ms, if a retry may help. */
    static RecoveryStrategy retry(RecoveryAction action) {
        return BuiltInStrategies.retry(_ -> action);
    }

    /** Returns a strategy that stops and starts the component, and what depends on it. */
    static RecoveryStrategy restart(Restarter restarter) {
        return BuiltInStrategies.restart(restarter);
    }

    /** Returns a strategy that switches to a replacement; the component is then degraded, not recovered. */
    static RecoveryStrategy fallback(RecoveryAction action) {
        return BuiltInStrategies.fallback(_ -> action);
    }

    /**
     * Returns a strategy that disables a part of the service so that the rest can continue.
     *
     * @param note what is disabled, for an operator
     */
    static RecoveryStrategy degrade(String note, RecoveryAction action) {
        return BuiltInStrategies.degrade(note, action);
    }
}
