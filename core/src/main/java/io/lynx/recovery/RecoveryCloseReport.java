package io.lynx.recovery;

import java.util.List;

/**
 * The result of closing an {@link ErrorRecoveryManager}. Immutable.
 *
 * @param cancelled number of recoveries that were cancelled, running or waiting
 * @param abandoned the work that was still running at the deadline, one line each
 */
public record RecoveryCloseReport(long cancelled, List<String> abandoned) {
    /** Copies the list. */
    public RecoveryCloseReport {
        abandoned = List.copyOf(abandoned);
    }

    /** Returns whether everything ended before the deadline. */
    boolean isClean() {
        return abandoned.isEmpty();
    }
}
