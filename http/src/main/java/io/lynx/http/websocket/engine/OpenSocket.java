package io.lynx.http.websocket.engine;

import io.lynx.http.ClientGoneException;
import io.lynx.http.DrainCallback;
import io.lynx.http.Request;
import io.lynx.http.engine.binding.Json;
import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The socket of one client from the side of its handler. Thread-safe. */
final class OpenSocket implements WebSocket {
    private static final CloseStatus SHUTDOWN = new CloseStatus(CloseStatus.GOING_AWAY, "the server is shutting down");
    private static final CloseStatus RESTART =
            new CloseStatus(CloseStatus.SERVICE_RESTART, "the service restarts; connect again");

    private final Request request;
    private final WebSocketOptions options;
    private final Handshake handshake;
    private final SocketConnection connection;
    private volatile @Nullable DrainCallback onDrain;

    OpenSocket(Request request, WebSocketOptions options, Handshake handshake) {
        this.request = request;
        this.options = options;
        this.handshake = handshake;
        this.connection = new SocketConnection(options, handshake.isCompressed(), MessageMemory.SHARED);
    }

    /** What the connection of the request switches to. */
    SocketConnection connection() {
        return connection;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Optional<String> subprotocol() {
        return Optional.ofNullable(handshake.subprotocol());
    }

    // Receiving.

    @Override
    public Optional<WebSocketMessage> receive() throws InterruptedException {
        Inbox.Entry next = connection.take();
        if (next == null) {
            return Optional.empty();
        }
        try {
            byte[] bytes = next.isCompressed
                    ? MessageCodec.inflate(
                            next.payload, options.maxMessageSize().bytes())
                    : next.payload;
            if (next.isCompressed && next.isText && !Utf8Check.isUtf8(bytes)) {
                throw new WebSocketException(CloseStatus.INVALID_DATA, "text is not UTF-8");
            }
            return Optional.of(
                    new ReceivedMessage(next.isText, bytes, connection.begun().json()));
        } catch (WebSocketException violation) {
            connection.fail(violation);
            connection.dropMessages();
            return Optional.empty();
        }
    }

    @Override
    public Iterator<WebSocketMessage> iterator() {
        return new MessageIterator(this);
    }

    // Sending.

    @Override
    public void send(String text) {
        send(FrameHead.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] bytes) {
        send(FrameHead.BINARY, bytes);
    }

    @Override
    public void json(Object value) {
        send(FrameHead.TEXT, Json.write(connection.begun().json(), value));
    }

    private void send(int opcode, byte[] message) {
        byte[] compressed = compressed(message);
        byte[] payload = compressed == null ? message : compressed;
        try {
            connection.outbox().send(opcode, compressed != null, payload);
        } catch (ClientGoneException closed) {
            if (connection.isClosedHere()) {
                throw new IllegalStateException("WebSocket: close() has closed it; messages are sent before that");
            }
            connection.lost();
            throw closed;
        }
        connection.sent();
    }

    /** Returns the compressed form of a message; null if it is sent as it is. */
    private byte @Nullable [] compressed(byte[] message) {
        if (!handshake.isCompressed() || message.length < MessageCodec.LEAST) {
            return null;
        }
        byte[] smaller = MessageCodec.deflate(message);
        return smaller.length < message.length ? smaller : null;
    }

    @Override
    public boolean offer(String text) {
        return offer(FrameHead.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean offer(byte[] bytes) {
        return offer(FrameHead.BINARY, bytes);
    }

    private boolean offer(int opcode, byte[] message) {
        byte[] compressed = compressed(message);
        try {
            if (connection.outbox().offer(opcode, compressed != null, compressed == null ? message : compressed)) {
                connection.sent();
                return true;
            }
        } catch (ClientGoneException closed) {
            return false;
        }
        connection.cutOff(new CloseStatus(CloseStatus.POLICY_VIOLATION, "the client reads too slowly"));
        return false;
    }

    // Closing.

    @Override
    public void close(int code, String reason) {
        if (!CloseStatus.isSendable(code)) {
            throw new IllegalArgumentException("close code: " + code
                    + "; 4000 to 4999 for the application's own, 3000 to 3999, 1000 to 1003 or 1007 to 1014");
        }
        connection.closeByHandler(new CloseStatus(code, reason));
    }

    @Override
    public boolean isOpen() {
        return connection.status() == null;
    }

    @Override
    public Optional<CloseStatus> closeStatus() {
        return Optional.ofNullable(connection.status());
    }

    @Override
    public void onDrain(DrainCallback callback) {
        onDrain = callback;
    }

    /** The server is shutting down. */
    void draining(Duration remaining) throws Exception {
        DrainCallback callback = onDrain;
        if (callback == null) {
            connection.close(SHUTDOWN);
        } else {
            callback.draining(remaining);
        }
    }

    /** The plugin that serves the socket stops. */
    void restart() {
        connection.close(RESTART);
    }

    @Override
    public String toString() {
        return "WebSocket " + request.path();
    }
}
