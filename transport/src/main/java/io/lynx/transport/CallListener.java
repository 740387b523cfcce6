package io.lynx.transport;

import java.util.List;

/**
 * Receives the answer to a call: its head, pieces of its body, and its end; or a failure at any point. It is called on the event
 * loop of the connection, and must not block.
 */
public interface CallListener {
    /**
     * The final status and its headers.
     *
     * @param headers name in lower case, value, name, value…
     */
    void head(int status, List<String> headers);

    /** A piece of the body. */
    void received(byte[] bytes);

    /**
     * The fields after the body, if there are any; the end of the answer follows.
     *
     * @param fields name in lower case, value, name, value…
     */
    default void trailers(List<String> fields) {}

    /** The answer is complete. */
    void completed();

    /** The answer is not or not completely available; nothing follows. */
    void failed(OutgoingException failure);
}
