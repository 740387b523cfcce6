package io.lynx.transport;

/**
 * Receives the body of a request, or the bytes of a connection that has switched to another protocol. It is called on the event
 * loop of its stream only, so it need not be thread-safe; it must not block.
 */
public interface BodyListener {
    /** The next bytes; the array belongs to the receiver. */
    void received(byte[] bytes);

    /** The body is complete. */
    void completed();

    /**
     * The rest of the body cannot be read. The connection ends after the answer; one that has not begun should be 400.
     *
     * @param detail a sentence for the answer
     */
    void failed(String detail);
}
