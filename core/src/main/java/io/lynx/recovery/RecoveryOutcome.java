package io.lynx.recovery;

import java.util.Objects;

/** The result of a strategy. Only a verified recovery counts as recovered. */
public sealed interface RecoveryOutcome {
    /** The component works again. If it has a health check, that must confirm it. */
    record Recovered() implements RecoveryOutcome {}

    /**
     * The component works with less than it should have.
     *
     * @param note what is missing, for an operator
     */
    record Degraded(String note) implements RecoveryOutcome {}

    /**
     * The strategy failed.
     *
     * @param cause what went wrong
     * @param retryable whether another attempt, or a restart, may help; if false, only fallbacks are still tried
     */
    record Failed(Throwable cause, boolean retryable) implements RecoveryOutcome {
        /** Requires a cause. */
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * The strategy had nothing to do, or no means to do it.
     *
     * @param reason why
     */
    record Skipped(String reason) implements RecoveryOutcome {}

    /** Returns the result of a strategy that succeeded. */
    static RecoveryOutcome recovered() {
        return new Recovered();
    }

    /** Returns the result of a strategy after which the component works with less. */
    static RecoveryOutcome degraded(String note) {
        return new Degraded(note);
    }

    /** Returns the result of a strategy that failed, but may succeed at another attempt. */
    static RecoveryOutcome failed(Throwable cause) {
        return new Failed(cause, true);
    }

    /** Returns the result of a strategy that did nothing. */
    static RecoveryOutcome skipped(String reason) {
        return new Skipped(reason);
    }

    /** Returns the name in metrics, such as {@code recovered}. */
    default String label() {
        return switch (this) {
            case Recovered _ -> "recovered";
            case Degraded _ -> "degraded";
            case Failed _ -> "failed";
            case Skipped _ -> "skipped";
        };
    }
}
