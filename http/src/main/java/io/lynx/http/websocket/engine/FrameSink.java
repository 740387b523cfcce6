package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;

/** Receives what a client has sent. Called on the event loop. */
interface FrameSink {
    /** A whole message; uncompressed text is UTF-8. */
    void message(boolean isText, boolean isCompressed, byte[] payload);

    /** A ping, which is to be answered with its payload. */
    void ping(byte[] payload);

    /** The client closes the socket; nothing follows. */
    void closed(CloseStatus status);

    /** Whether nothing more is to be read for now. */
    boolean isFull();
}
