package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on WebSockets. */
class WebSocketGuideTest {
    /** What a client of the guide's game sends. */
    public record Move(String from, String to) {}

    private static Application start(HttpServer server) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server)
                .build();
        application.start();
        return application;
    }

    private static SocketClient open(HttpServer server, String path) throws Exception {
        return SocketClient.open(new RawClient(server.port()), path);
    }

    @Test
    void echo() throws Exception {
        // snippet: websocket-echo
        HttpServer server = HttpServer.with(http -> http.webSocket("/echo/{name}", socket -> {
            String name = socket.request().path("name");
            for (WebSocketMessage message : socket) {
                socket.send(name + " said " + message.text());
            }
        }));
        // end
        try (Application _ = start(server);
                SocketClient client = open(server, "/echo/ann")) {
            client.send(SocketClient.TEXT, "hello");
            assertThat(client.read()).hasToString("text ann said hello");
        }
    }

    @Test
    void chat() throws Exception {
        // snippet: websocket-chat
        Map<String, Set<WebSocket>> rooms = new ConcurrentHashMap<>();
        HttpServer server = HttpServer.with(http -> http.webSocket("/chat/{room}", socket -> {
            Set<WebSocket> room =
                    rooms.computeIfAbsent(socket.request().path("room"), _ -> ConcurrentHashMap.newKeySet());
            room.add(socket);
            try {
                for (WebSocketMessage message : socket) {
                    String text = message.text();
                    room.forEach(member -> member.offer(text));
                }
            } finally {
                room.remove(socket);
            }
        }));
        // end
        try (Application _ = start(server);
                SocketClient ann = open(server, "/chat/a");
                SocketClient bob = open(server, "/chat/a")) {
            // Both have joined once each has received a message of its own.
            ann.send(SocketClient.TEXT, "1");
            assertThat(ann.read()).hasToString("text 1");
            bob.send(SocketClient.TEXT, "hello");
            for (String text = bob.read().toString();
                    !text.equals("text hello");
                    text = bob.read().toString()) {
                assertThat(text).isEqualTo("text 1");
            }
            assertThat(ann.read()).hasToString("text hello");
        }
    }

    @Test
    void json() throws Exception {
        // snippet: websocket-json
        HttpServer server = HttpServer.with(http -> http.webSocket("/game", socket -> {
            for (WebSocketMessage message : socket) {
                Move move = message.json(Move.class);
                if (move.from().equals(move.to())) {
                    throw new WebSocketException(4000, "a piece has to move");
                }
                socket.json(new Move(move.to(), move.from()));
            }
        }));
        // end
        try (Application _ = start(server);
                SocketClient client = open(server, "/game")) {
            client.send(SocketClient.TEXT, "{\"from\":\"e2\",\"to\":\"e4\"}");
            assertThat(client.read()).hasToString("text {\"from\":\"e4\",\"to\":\"e2\"}");
            client.send(SocketClient.TEXT, "{\"from\":\"e2\",\"to\":\"e2\"}");
            assertThat(client.read()).hasToString("close 4000");
        }
    }

    @Test
    void optionsAndInterceptors() throws Exception {
        Interceptor authentication = (request, response, next) -> {
            if (request.query("token").isEmpty()) {
                throw new HttpException(401, "a token is required");
            }
            next.handle(request, response);
        };
        HttpServer server = HttpServer.with(http -> {
            // snippet: websocket-options
            WebSocketOptions options = WebSocketOptions.defaults()
                    .withSubprotocols("prices.v2", "prices.v1")
                    .withMaxMessageSize(4 * 1024)
                    .withIdleTimeout(Duration.ofSeconds(30))
                    .withCompression();
            http.path("/prices", prices -> prices.intercept(StandardInterceptors.AUTHENTICATION, authentication)
                    .webSocket("/live", options, socket -> {
                        socket.send("prices for " + socket.subprotocol().orElse("any client"));
                        for (WebSocketMessage message : socket) {
                            socket.send("subscribed to " + message.text());
                        }
                    }));
            // end
        });
        try (Application _ = start(server);
                RawClient stranger = new RawClient(server.port());
                SocketClient client = SocketClient.open(
                        new RawClient(server.port()), "/prices/live?token=1", "Sec-WebSocket-Protocol: prices.v2")) {
            assertThat(SocketClient.handshake(stranger, "/prices/live").status())
                    .isEqualTo(401);
            assertThat(client.read()).hasToString("text prices for prices.v2");
        }
    }

    @Test
    void drain() throws Exception {
        HttpServer server = HttpServer.with(http -> {
            // snippet: websocket-drain
            http.webSocket("/game", socket -> {
                socket.onDrain(remaining -> {
                    socket.send("the server restarts; your game is saved");
                    socket.close(CloseStatus.GOING_AWAY, "restart");
                });
                for (WebSocketMessage message : socket) {
                    socket.send(message.text());
                }
            });
            // end
        });
        Application application = start(server);
        try (SocketClient client = open(server, "/game")) {
            client.send(SocketClient.TEXT, "a");
            assertThat(client.read()).hasToString("text a");
            Thread stop = Thread.ofPlatform().start(application::close);

            assertThat(client.read()).hasToString("text the server restarts; your game is saved");
            assertThat(client.read()).hasToString("close 1001");
            client.close(1001);
            client.close();
            stop.join();
        } finally {
            application.close();
        }
    }
}
