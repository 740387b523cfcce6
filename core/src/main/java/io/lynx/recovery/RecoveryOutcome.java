package io.lynx.recovery;

import java.util.Objects;

/** How a strategy went. Only what was verified counts as recovered. */
public sealed interface RecoveryOutcome {
    /** It works again. The manager asks the component's probe, if there is one, before it believes this. */
    record Recovered() implements RecoveryOutcome {}

    /**
     * It works with less than it should have.
     *
     * @param note what is missing, for an operator
     */
    record Degraded(String note) implements RecoveryOutcome {}

    /**
     * It does not work.
     *
     * @param cause what went wrong
     * @param retryable whether another attempt, or a restart, may help; if not, only fallbacks are still tried
     */
    record Failed(Throwable cause, boolean retryable) implements RecoveryOutcome {
        /** Checks that there is a cause. */
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * There was nothing to do, or no way to do it.
     *
     * @param reason why
     */
    record Skipped(String reason) implements RecoveryOutcome {}

    /** It works again. */
    static RecoveryOutcome recovered() {
        return new Recovered();
    }

    /** It works with less. */
    static RecoveryOutcome degraded(String note) {
        return new Degraded(note);
    }

    /** It does not work, but may after another attempt. */
    static RecoveryOutcome failed(Throwable cause) {
        return new Failed(cause, true);
    }

    /** Nothing was done. */
    static RecoveryOutcome skipped(String reason) {
        return new Skipped(reason);
    }

    /** The name in metrics, such as {@code recovered}. */
    default String label() {
        return switch (this) {
            case Recovered _ -> "recovered";
            case Degraded _ -> "degraded";
            case Failed _ -> "failed";
            case Skipped _ -> "skipped";
        };
    }
}
