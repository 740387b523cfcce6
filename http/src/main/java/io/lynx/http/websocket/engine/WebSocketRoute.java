package io.lynx.http.websocket.engine;

import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.exchange.ProtocolSwitch;
import io.lynx.http.engine.routing.LastingHandler;
import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.http.websocket.WebSocketOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Opens the WebSockets of one route, and calls its handler for each. Thread-safe. */
public final class WebSocketRoute implements LastingHandler {
    private static final int SERVER_ERROR = 500;

    private final WebSocketOptions options;
    private final WebSocketHandler handler;
    private final Set<OpenSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isFinished;

    /** Creates a route whose sockets {@code handler} serves. */
    public WebSocketRoute(WebSocketOptions options, WebSocketHandler handler) {
        this.options = options;
        this.handler = handler;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        Handshake handshake = Handshake.of(ProtocolSwitch.head(response), ProtocolSwitch.hasBody(response), options);
        OriginCheck.require(request, ProtocolSwitch.cors(response));
        OpenSocket socket = new OpenSocket(request, options, handshake);
        open.add(socket);
        try {
            if (isFinished) {
                throw new HttpException(503, "the service restarts", Map.of("Retry-After", "1"));
            }
            ProtocolSwitch.begin(
                    response, socket.connection(), Handshake.PROTOCOL, handshake.headers(), socket::draining);
            serve(socket);
        } finally {
            open.remove(socket);
            // Nothing receives them any more, however the socket ends.
            socket.connection().dropMessages();
        }
    }

    private void serve(OpenSocket socket) throws Exception {
        SocketConnection connection = socket.connection();
        try {
            handler.handle(socket);
            connection.handled();
        } catch (Throwable failure) {
            CloseStatus ending = ending(socket, failure);
            if (ending == null) {
                connection.fail(new WebSocketException(CloseStatus.INTERNAL_ERROR, "the server failed"));
                throw failure;
            }
            connection.close(ending);
        }
    }

    /** Returns how a failure closes a socket; null if it is one of the handler or fatal, and thrown on. */
    private static @Nullable CloseStatus ending(OpenSocket socket, Throwable failure) {
        return switch (failure) {
            case WebSocketException e when e.code() != CloseStatus.INTERNAL_ERROR -> status(e.code(), e);
            case HttpException e when e.status() < SERVER_ERROR -> status(CloseStatus.POLICY_VIOLATION, e);
            case ClientGoneException _ when !socket.isOpen() -> new CloseStatus(CloseStatus.NORMAL, "");
            case InterruptedException _ when !socket.isOpen() -> new CloseStatus(CloseStatus.NORMAL, "");
            default -> null;
        };
    }

    private static CloseStatus status(int code, Throwable failure) {
        return new CloseStatus(code, Objects.requireNonNullElse(UserCode.messageOf(failure), ""));
    }

    @Override
    public void finish() {
        isFinished = true;
        open.forEach(OpenSocket::restart);
    }
}
