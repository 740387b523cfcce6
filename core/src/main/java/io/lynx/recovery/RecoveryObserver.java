package io.lynx.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every error and every recovery, none left out, on the thread that it happens on; for counting. Called outside
 * locks by many threads at once: it must be quick and never block. What it throws is logged once and harms nobody.
 */
public interface RecoveryObserver {
    /** Hears nothing. */
    RecoveryObserver NONE = new RecoveryObserver() {};

    /**
     * An error was recorded, be it in full or only counted.
     *
     * @param errorType what it is counted under: one of at most 256, or {@code other}
     * @param component what it happened to, shortened as in its record
     */
    default void errorRecorded(String errorType, ErrorSeverity severity, String component) {}

    /**
     * A strategy came to an end.
     *
     * @param component what it was to recover
     * @param outcome how; null if it did not end when interrupted and was abandoned
     */
    default void strategyEnded(
            String component, String errorType, String strategy, @Nullable RecoveryOutcome outcome, Duration took) {}

    /** A recovery ended. */
    default void recoveryEnded(RecoveryRecord recovery) {}
}
