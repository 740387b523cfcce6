package io.lynx.http.websocket;

import io.lynx.json.TypeOf;

/** A message that a client has sent over a {@link WebSocket}: text or bytes. Immutable and thread-safe. */
public interface WebSocketMessage {
    /** Returns whether it is text. */
    boolean isText();

    /**
     * Returns its text. A handler that expects text lets the exception pass, which closes the socket with 1003.
     *
     * @throws WebSocketException (1003) if the message consists of bytes
     */
    String text();

    /** Returns its bytes, those of its text in UTF-8 included. */
    byte[] bytes();

    /**
     * Reads it as JSON.
     *
     * @throws WebSocketException (1003) if the message is not text; (1007) if it is not valid JSON or does not fit the type
     */
    <T> T json(TypeOf<T> type);

    /**
     * Reads it as JSON.
     *
     * @throws WebSocketException as {@link #json(TypeOf)} does
     */
    default <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }
}
