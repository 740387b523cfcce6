package io.lynx.recovery;

import io.lynx.time.Deadline;
import java.time.Duration;

/** What a strategy works with: the error and the time that is left. For the strategy's own thread only. */
public interface RecoveryContext {
    /** Returns the error that is being recovered. */
    ErrorRecord record();

    /** Returns the deadline of the strategy; its thread is interrupted then. */
    Deadline deadline();

    /**
     * Waits.
     *
     * @throws InterruptedException if the strategy's time is over, or the application shuts down
     */
    void pause(Duration duration) throws InterruptedException;
}
