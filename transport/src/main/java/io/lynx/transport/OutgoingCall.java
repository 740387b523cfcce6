package io.lynx.transport;

import io.lynx.transport.Stream.WriteListener;

/** One call on a connection to a server. Thread-safe; the body is written by one thread. */
public interface OutgoingCall {
    /**
     * Writes a piece of a body that the head announces. The array must not be changed until {@code listener} is called. Write
     * the next piece afterwards.
     */
    void write(byte[] bytes, int offset, int length, WriteListener listener);

    /** Completes the body. */
    void end();

    /** Stops reading the answer until {@link #resume}. */
    void pause();

    /** Continues to read. */
    void resume();

    /**
     * Ends the call: an HTTP/1.1 connection is closed, an HTTP/2 stream is reset. The listener receives a failure, unless it has
     * received the end of the answer.
     */
    void cancel();
}
