package io.lynx.transport;

/**
 * Receives what happens on a listener outside of its streams. It is called on several event loops at the same time, so it must be
 * thread-safe; it must not block or throw.
 */
public interface ListenerObserver {
    /** A connection was closed as it was accepted because there were too many. */
    void connectionRefused();

    /**
     * A connection was closed because it does not come from a trusted proxy, or does not begin with a header of the PROXY
     * protocol, which its listener expects.
     */
    void proxyHeaderRefused();

    /**
     * The head of a request did not arrive within its time limit.
     *
     * @param nanos how long the listener waited
     * @return the answer to send; its request never becomes a stream
     */
    Refusal headTimedOut(long nanos);

    /**
     * The framing of a request is invalid.
     *
     * @param status the status of the answer
     * @param detail a sentence for the answer
     * @return the answer to send; the request never becomes a stream
     */
    Refusal malformed(int status, String detail);

    /** The TLS handshake did not complete within its time limit, or the protocol has no answer for a slow head. */
    void handshakeTimedOut();

    /**
     * The body of an answer to a request that could not be read. Not changed after it was made.
     *
     * @param contentType its type
     * @param body its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once and never compared.
    record Refusal(String contentType, byte[] body) {}
}
