package io.lynx.transport;

/** A protocol on a listener. Its methods are called on the event loop and return at once. */
public interface StreamHandler {
    /** Returns whether this protocol serves requests with that head. The listener uses the first handler that does. */
    boolean accepts(Head head);

    /** Serves {@code stream}. */
    void handle(Stream stream);
}
