package io.lynx.recovery;

import java.util.List;

/**
 * How the recovery manager was closed. Immutable.
 *
 * @param cancelled recoveries that were cancelled, running or waiting
 * @param abandoned what still runs although it was interrupted, one line each
 * @param undelivered events that no listener heard
 */
public record CloseReport(long cancelled, List<String> abandoned, long undelivered) {
    /** Copies the list. */
    public CloseReport {
        abandoned = List.copyOf(abandoned);
    }

    /** Whether everything ended in time. */
    public boolean isClean() {
        return abandoned.isEmpty();
    }
}
