package io.lynx.transport;

import io.lynx.time.Deadline;

/**
 * Receives the drain of the listener on behalf of a long-lived stream. It is called on the event loop of its stream only, so it
 * need not be thread-safe; it must not block.
 */
public interface DrainListener {
    /**
     * The drain has begun. The stream goes on; it should end by itself when it can.
     *
     * @param deadline when {@link #goodbye} is called
     */
    void draining(Deadline deadline);

    /**
     * The time of the stream is over: it sends its protocol's goodbye and ends. It is cut off a moment later, and counted as
     * ended by the drain in either case.
     */
    void goodbye();
}
