package io.lynx.transport;

/** Receives the body of a request. Called on the event loop. */
public interface BodyListener {
    /** The next bytes; the array belongs to the receiver. */
    void received(byte[] bytes);

    /** The body is complete. */
    void completed();
}
