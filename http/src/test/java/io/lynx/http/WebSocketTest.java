package io.lynx.http;

import static io.lynx.http.SocketClient.BINARY;
import static io.lynx.http.SocketClient.PING;
import static io.lynx.http.SocketClient.TEXT;
import static io.lynx.http.SocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The messages of WebSockets, in both directions. */
class WebSocketTest {
    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private final CountDownLatch returned = new CountDownLatch(1);

    /** Sends text back. */
    private void echo(WebSocket socket) {
        opened.complete(socket);
        try {
            for (WebSocketMessage message : socket) {
                socket.send(message.text());
            }
        } finally {
            returned.countDown();
        }
    }

    private TestServer serving(WebSocketHandler handler) {
        return TestServer.with(http -> http.webSocket("/", handler));
    }

    @Test
    void longMessagesAreSentInFragments() throws Exception {
        String text = "\u00e4".repeat(100_000);
        try (TestServer server = serving(socket -> {
                    socket.send(text);
                    socket.offer("behind");
                });
                SocketClient client = SocketClient.open(server, "/")) {
            StringBuilder all = new StringBuilder();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SocketClient.Frame frame = client.read();
            assertThat(frame.first()).isEqualTo(1);
            while ((frame.first() & SocketClient.FIN) == 0) {
                bytes.writeBytes(frame.bytes());
                frame = client.read();
            }
            bytes.writeBytes(frame.bytes());
            all.append(bytes.toString(StandardCharsets.UTF_8));

            assertThat(all).hasToString(text);
            assertThat(client.read()).hasToString("text behind");
            assertThat(client.read()).hasToString("close 1000");
        }
    }

    record Move(String from, String to) {}

    @Test
    void messagesMayBeJson() throws Exception {
        try (TestServer server = serving(socket -> {
                    for (WebSocketMessage message : socket) {
                        Move move = message.json(Move.class);
                        socket.json(new Move(move.to(), move.from()));
                    }
                });
                SocketClient client = SocketClient.open(server, "/")) {
            client.send(TEXT, "{\"from\":\"e2\",\"to\":\"e4\"}");
            assertThat(client.read()).hasToString("text {\"from\":\"e4\",\"to\":\"e2\"}");

            client.send(TEXT, "{\"from\":");
            assertThat(client.read()).hasToString("close 1007");
        }
    }

    @Test
    void bytesInPlaceOfTextCloseTheSocket() throws Exception {
        try (TestServer server = serving(this::echo);
                SocketClient client = SocketClient.open(server, "/")) {
            client.send(BINARY, "a");

            assertThat(client.read()).hasToString("close 1003");
            client.close(1003);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void severalThreadsMaySend() throws Exception {
        try (TestServer server = serving(socket -> {
                    opened.complete(socket);
                    for (WebSocketMessage _ : socket) {
                        // Until the client closes it.
                    }
                });
                SocketClient client = SocketClient.open(server, "/")) {
            WebSocket socket = opened.get(20, TimeUnit.SECONDS);
            List<Consumer<String>> ways =
                    List.of(socket::send, text -> assertThat(socket.offer(text)).isTrue());
            List<Thread> senders = new ArrayList<>();
            for (String text : List.of("a", "b", "c")) {
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 300; i++) {
                        ways.get(i % 2).accept(text.repeat(100));
                    }
                }));
            }
            for (int i = 0; i < 900; i++) {
                assertThat(client.read().toString()).matches("text (a{100}|b{100}|c{100})");
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void theContextHasNoDeadline() throws Exception {
        try (TestServer server =
                        TestServer.with(limits -> limits.requestTimeout(Duration.ofSeconds(2)), http -> http.intercept(
                                        (request, response, next) -> {
                                            assertThat(RequestContext.current().deadline())
                                                    .isPresent();
                                            next.handle(request, response);
                                        })
                                .webSocket("/", socket -> {
                                    socket.send("" + RequestContext.current().deadline());
                                    for (WebSocketMessage _ : socket) {
                                        socket.send(RequestContext.current().isCancelled() + " "
                                                + socket.request().isCancelled());
                                    }
                                }));
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read()).hasToString("text " + Optional.empty());
            AtomicBoolean isLater = new AtomicBoolean();
            CompletableFuture.delayedExecutor(2500, TimeUnit.MILLISECONDS).execute(() -> isLater.set(true));
            Await.until("the time of a request is over", isLater::get);

            client.send(TEXT, "");
            assertThat(client.read()).hasToString("text false false");
        }
    }

    @Test
    void theClientOfTheJdkIsServed() throws Exception {
        LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
        try (TestServer server = serving(this::echo);
                HttpClient client = HttpClient.newHttpClient()) {
            java.net.http.WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://localhost:" + server.port() + "/"),
                            new java.net.http.WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(
                                        java.net.http.WebSocket webSocket, CharSequence data, boolean last) {
                                    answers.add(data + " " + last);
                                    webSocket.request(1);
                                    return CompletableFuture.completedStage(null);
                                }

                                @Override
                                public CompletionStage<?> onPong(
                                        java.net.http.WebSocket webSocket, java.nio.ByteBuffer message) {
                                    answers.add("pong " + message.remaining());
                                    webSocket.request(1);
                                    return CompletableFuture.completedStage(null);
                                }

                                @Override
                                public CompletionStage<?> onClose(
                                        java.net.http.WebSocket webSocket, int statusCode, String reason) {
                                    answers.add("close " + statusCode);
                                    return CompletableFuture.completedStage(null);
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("hel", false).get(20, TimeUnit.SECONDS);
            socket.sendText("lo", true).get(20, TimeUnit.SECONDS);
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("hello true");
            socket.sendPing(java.nio.ByteBuffer.wrap(new byte[3])).get(20, TimeUnit.SECONDS);
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("pong 3");
            socket.sendClose(1000, "bye").get(20, TimeUnit.SECONDS);
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("close 1000");
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void pingsAreAnsweredInOrder() throws Exception {
        try (TestServer server = serving(this::echo);
                SocketClient client = SocketClient.open(server, "/")) {
            for (int i = 0; i < 10; i++) {
                client.send(PING, "" + i);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(client.read().text()).isEqualTo("" + i);
            }
        }
    }
}
