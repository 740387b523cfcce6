package io.lynx.transport;

/** A connection to a server. Thread-safe. */
public interface OutgoingConnection {
    /** Returns how many calls it can carry at a time: 1 with HTTP/1.1, and 0 when it takes no further ones. */
    int capacity();

    /** Returns {@code HTTP/1.1} or {@code HTTP/2}. */
    String protocol();

    /**
     * Starts a call. It fails if the connection is closed or carries as many as it can.
     *
     * @param listener receives the answer
     */
    OutgoingCall call(OutgoingHead head, CallListener listener);

    /** Closes it when no call is in flight; then it takes no further ones. */
    void close();
}
