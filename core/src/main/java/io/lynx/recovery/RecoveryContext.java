package io.lynx.recovery;

import io.lynx.time.Deadline;
import java.time.Duration;

/** What a strategy is given: the error, and how long it has. For the strategy's own thread only. */
public interface RecoveryContext {
    /** The error that asks for recovery. */
    ErrorRecord record();

    /** When the strategy must be done; it is interrupted then. */
    Deadline deadline();

    /**
     * Waits.
     *
     * @throws InterruptedException if the time of the strategy is over, or the application stops
     */
    void pause(Duration duration) throws InterruptedException;
}
