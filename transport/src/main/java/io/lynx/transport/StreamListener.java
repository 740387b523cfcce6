package io.lynx.transport;

/** Receives what happens to one stream. Called on the event loop. */
public interface StreamListener {
    /** The answer has ended; called once. */
    void ended(StreamEnd end);

    /**
     * Enforces the protocol's time limits; called periodically until the answer has ended.
     *
     * @param now the reading of the listener's ticker
     */
    void check(long now);

    /**
     * The listener is being closed and the work on the stream has not ended: whatever runs for it is interrupted. It may be
     * called from any thread, also after {@link #ended}.
     */
    void interrupt();
}
