package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.TypeOf;
import java.nio.charset.StandardCharsets;

/** A message that a client has sent. Immutable. */
final class ReceivedMessage implements WebSocketMessage {
    private final boolean isText;
    private final byte[] bytes;
    private final JsonCodec codec;

    /** A message, whose bytes are UTF-8 if it is text. */
    ReceivedMessage(boolean isText, byte[] bytes, JsonCodec codec) {
        this.isText = isText;
        this.bytes = bytes;
        this.codec = codec;
    }

    @Override
    public boolean isText() {
        return isText;
    }

    @Override
    public String text() {
        requireText();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public <T> T json(TypeOf<T> type) {
        requireText();
        try {
            return codec.read(bytes, type);
        } catch (JsonReadException e) {
            String place = e.path().isEmpty() ? "message" : e.path();
            throw new WebSocketException(CloseStatus.INVALID_DATA, place + ": " + e.problem());
        }
    }

    private void requireText() {
        if (!isText) {
            throw new WebSocketException(CloseStatus.UNSUPPORTED_DATA, "a message of text is expected");
        }
    }

    @Override
    public String toString() {
        return (isText ? "text of " : "binary message of ") + bytes.length + " bytes";
    }
}
