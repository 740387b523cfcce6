package io.lynx.recovery.run;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;

/**
 * What the default chain may do about an error, and which of two errors takes precedence. Stateless.
 *
 * <p>Of two errors of one component the one whose chain reaches further keeps its place, then the more severe one.
 * Otherwise a stream of failing requests could hide a thread that has died.
 */
final class RecoveryPolicy {
    private static final int LEVELS = ErrorSeverity.values().length;
    private static final int RANKS = 4;

    /** Whether the default chain restarts a component. */
    enum Restart {
        NEVER,
        /** If its health check, run again, is DOWN for a cause inside the process. */
        ON_EVIDENCE,
        ALWAYS
    }

    private RecoveryPolicy() {}

    /** Returns the precedence of an error among those of one component. */
    static int ofError(ErrorOrigin origin, ErrorSeverity severity) {
        return rank(origin, severity) * LEVELS + severity.level();
    }

    /** Returns the precedence of an error among those of one component. */
    static int ofError(ErrorRecord error) {
        return ofError(error.origin(), error.severity());
    }

    /** Returns the precedence of a component among those that wait. */
    static int ofComponent(ErrorRecord error) {
        return error.severity().level() * RANKS + rank(error.origin(), error.severity());
    }

    private static int rank(ErrorOrigin origin, ErrorSeverity severity) {
        return switch (origin) {
            case ErrorOrigin.Request _, ErrorOrigin.Job _ -> 0;
            case ErrorOrigin.Check(String _, ErrorOrigin.Cause cause) ->
                switch (cause) {
                    case EXTERNAL -> 1;
                    case INTERNAL -> 2;
                    case NOT_RUNNING -> 3;
                };
            case ErrorOrigin.Component _ -> severity.compareTo(ErrorSeverity.HIGH) >= 0 ? 3 : 1;
        };
    }

    /** Returns the severity that counts: an error that a restart does not help against is never critical. */
    static ErrorSeverity severity(ErrorOrigin origin, Classification classification) {
        ErrorSeverity given = classification.severity();
        boolean isCapped =
                switch (origin) {
                    case ErrorOrigin.Request _, ErrorOrigin.Job _ -> true;
                    case ErrorOrigin.Check(String _, ErrorOrigin.Cause cause) -> cause == ErrorOrigin.Cause.EXTERNAL;
                    case ErrorOrigin.Component _ -> false;
                };
        return isCapped && given == ErrorSeverity.CRITICAL ? ErrorSeverity.HIGH : given;
    }

    /** Returns whether the default chain may restart the component. */
    static Restart restart(ErrorRecord error) {
        return isNeverRestarted(error)
                ? Restart.NEVER
                : switch (error.origin()) {
                    case ErrorOrigin.Request _, ErrorOrigin.Job _ -> Restart.NEVER;
                    case ErrorOrigin.Check(String _, ErrorOrigin.Cause cause) ->
                        switch (cause) {
                            case EXTERNAL -> Restart.NEVER;
                            case INTERNAL -> Restart.ON_EVIDENCE;
                            case NOT_RUNNING -> Restart.ALWAYS;
                        };
                    case ErrorOrigin.Component _ ->
                        error.severity().compareTo(ErrorSeverity.HIGH) >= 0 ? Restart.ALWAYS : Restart.ON_EVIDENCE;
                };
    }

    /** Returns whether not even a registered strategy may restart the component. */
    static boolean isNeverRestarted(ErrorRecord error) {
        return error.category() == ErrorCategory.VALIDATION
                || error.category() == ErrorCategory.SECURITY
                || error.disposition() == Disposition.CANCELLED
                || (error.severity() == ErrorSeverity.LOW && !isNotRunning(error));
    }

    /** Returns whether a health check only repeated that the plugin is not running. */
    static boolean isNotRunning(ErrorRecord error) {
        return error.origin() instanceof ErrorOrigin.Check(String _, ErrorOrigin.Cause cause)
                && cause == ErrorOrigin.Cause.NOT_RUNNING;
    }

    /** Returns whether a health check reported a cause outside of the process. */
    static boolean isExternal(ErrorRecord error) {
        return error.origin() instanceof ErrorOrigin.Check(String _, ErrorOrigin.Cause cause)
                && cause == ErrorOrigin.Cause.EXTERNAL;
    }
}
