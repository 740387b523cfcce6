package io.lynx.recovery;

import java.time.Duration;
import java.util.List;

/**
 * The result of closing an {@link ErrorRecoveryManager}. Immutable.
 *
 * @param cancelled number of recoveries that were cancelled, running or waiting
 * @param abandoned the recoveries that were still running at the deadline, a restart that runs to its end excepted
 */
public record RecoveryCloseReport(long cancelled, List<UnfinishedRecovery> abandoned) {
    /** Copies the list. */
    public RecoveryCloseReport {
        abandoned = List.copyOf(abandoned);
    }

    /** Returns whether everything ended before the deadline. */
    boolean isClean() {
        return abandoned.isEmpty();
    }

    /**
     * A recovery that did not end.
     *
     * @param what the component, and the strategy that does not return
     * @param age the time since the recovery began
     * @param stack what its thread was doing, the innermost frame first
     */
    public record UnfinishedRecovery(String what, Duration age, List<StackTraceElement> stack) {
        /** Copies the list. */
        public UnfinishedRecovery {
            stack = List.copyOf(stack);
        }
    }
}
