package io.lynx.recovery;

/**
 * What the default chain may do about an error, and which of two errors goes first. Stateless.
 *
 * <p>Of two errors of one component the one with the further-reaching chain keeps its place, then the more severe one: else a
 * stream of failing requests could hide a thread that has died.
 */
final class RecoveryPolicy {
    private static final int LEVELS = ErrorSeverity.values().length;
    private static final int RANKS = 4;

    private RecoveryPolicy() {}

    /** For comparing errors of one component. */
    static int ofError(ErrorOrigin origin, ErrorCategory category, Disposition disposition, ErrorSeverity severity) {
        return rank(origin, category, disposition) * LEVELS + severity.level();
    }

    /** For comparing errors of one component. */
    static int ofError(ErrorRecord error) {
        return ofError(error.origin(), error.category(), error.disposition(), error.severity());
    }

    /** For comparing components that wait. */
    static int ofComponent(ErrorRecord error) {
        return error.severity().level() * RANKS + rank(error.origin(), error.category(), error.disposition());
    }

    /** The severity that counts: only what the component itself shows can be critical, which ends in giving it up. */
    static ErrorSeverity severity(ErrorOrigin origin, Classification classification) {
        ErrorSeverity said = classification.severity();
        return said == ErrorSeverity.CRITICAL
                        && !concernsTheComponent(origin, classification.category(), classification.disposition())
                ? ErrorSeverity.HIGH
                : said;
    }

    /** Whether the default chain may restart the component. */
    static boolean mayRestart(ErrorRecord error) {
        return concernsTheComponent(error.origin(), error.category(), error.disposition()) && !isNeverRestarted(error);
    }

    /** Whether not even a registered strategy may restart the component. */
    static boolean isNeverRestarted(ErrorRecord error) {
        return error.category() == ErrorCategory.VALIDATION
                || error.category() == ErrorCategory.SECURITY
                || error.disposition() == Disposition.CANCELLED;
    }

    /** Whether it is a check's word on something outside of the process, which comes back by itself or not at all. */
    static boolean isOutside(ErrorRecord error) {
        return error.origin() instanceof ErrorOrigin.Check(String _, boolean mayPass)
                && mayPass
                && isOutside(error.category(), error.disposition());
    }

    private static boolean concernsTheComponent(ErrorOrigin origin, ErrorCategory category, Disposition disposition) {
        return rank(origin, category, disposition) >= 2;
    }

    private static int rank(ErrorOrigin origin, ErrorCategory category, Disposition disposition) {
        return switch (origin) {
            case ErrorOrigin.Request() -> 0;
            case ErrorOrigin.Check(String _, boolean mayPass) -> mayPass && isOutside(category, disposition) ? 1 : 2;
            case ErrorOrigin.Component() -> 3;
        };
    }

    private static boolean isOutside(ErrorCategory category, Disposition disposition) {
        boolean passes =
                switch (disposition) {
                    case TRANSIENT, THROTTLED -> true;
                    case PERMANENT, FATAL, CANCELLED, REJECTED, UNKNOWN -> false;
                };
        return passes
                && switch (category) {
                    case NETWORK, DATABASE, TIMEOUT, RESOURCE -> true;
                    case CONFIGURATION, PLUGIN, SECURITY, VALIDATION, SYSTEM -> false;
                };
    }
}
