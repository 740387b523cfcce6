package io.lynx.transport;

import org.jspecify.annotations.Nullable;

/**
 * Receives what happens to one stream. It is called on the event loop of its stream, unless a method says otherwise, and must not
 * block.
 */
public interface StreamListener {
    /** The answer has ended; called once. */
    void ended(StreamEnd end);

    /**
     * Enforces the protocol's time limits; called periodically until the answer has ended and nothing runs for the stream.
     *
     * @param now the reading of the listener's ticker
     */
    void check(long now);

    /**
     * The listener is being closed and the work on the stream has not ended: whatever runs for it is interrupted. It may be
     * called from any thread, also after {@link #ended}.
     */
    void interrupt();

    /**
     * The client of an HTTP/1.1 request has finished sending. It waits for the answer, or it has gone; the two look alike until
     * bytes of the answer are sent. {@link #ended} follows if the client turns out to have gone.
     */
    default void peerFinished() {}

    /**
     * Returns the pattern of the route that serves the stream, such as {@code GET /orders/{id}}, for reports; null if there is
     * none. Never taken from what the client sent. Any thread.
     */
    default @Nullable String routePattern() {
        return null;
    }
}
