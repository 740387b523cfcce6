package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketMessage;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The messages of a socket. Not thread-safe. */
final class MessageIterator implements Iterator<WebSocketMessage> {
    private final WebSocket socket;
    private @Nullable WebSocketMessage next;
    private boolean isOver;

    MessageIterator(WebSocket socket) {
        this.socket = socket;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !isOver) {
            try {
                next = socket.receive().orElse(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            isOver = next == null;
        }
        return next != null;
    }

    @Override
    public WebSocketMessage next() {
        WebSocketMessage message = hasNext() ? next : null;
        if (message == null) {
            throw new NoSuchElementException("WebSocket: it is closed; ask hasNext first");
        }
        next = null;
        return message;
    }
}
