package io.lynx.http;

import static io.lynx.http.SocketClient.CLOSE;
import static io.lynx.http.SocketClient.TEXT;
import static io.lynx.http.SocketClient.frame;
import static io.lynx.http.SocketClient.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How WebSockets end: by either side, by a failure, by a shutdown. */
class WebSocketEndTest {
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

    private static void sendText(SocketClient client, String text) throws Exception {
        client.send(TEXT, text);
        assertThat(client.read()).hasToString("text " + text);
    }

    @Test
    void theClientCloses() throws Exception {
        try (TestServer server = serving(this::echo)) {
            try (SocketClient client = SocketClient.open(server, "/")) {
                sendText(client, "a");
                client.send(CLOSE, status(4001, "enough"));
                assertThat(client.rest()).containsExactly("close 4001");
            }
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            WebSocket socket = opened.join();
            assertThat(socket.closeStatus()).contains(new CloseStatus(4001, "enough"));
            assertThat(socket.isOpen()).isFalse();
            assertThat(socket.receive()).isEmpty();
            assertThat(socket.offer("late")).isFalse();
            assertThatThrownBy(() -> socket.send("late")).isInstanceOf(ClientGoneException.class);
            Await.until(
                    "the place is free",
                    () -> server.listener.inFlight().longLived().current() == 0);
        }
    }

    @Test
    void whatTheClientSentBeforeItClosedIsAnswered() throws Exception {
        CountDownLatch isClosed = new CountDownLatch(1);
        try (TestServer server = serving(socket -> {
                    for (WebSocketMessage message : socket) {
                        assertThat(isClosed.await(20, TimeUnit.SECONDS)).isTrue();
                        Await.until("the close frame has arrived", () -> !socket.isOpen());
                        socket.send(message.text());
                        assertThat(socket.offer("offered")).isTrue();
                    }
                    assertThat(socket.closeStatus()).contains(new CloseStatus(4001, "enough"));
                    assertThatThrownBy(() -> socket.send("late")).isInstanceOf(ClientGoneException.class);
                    returned.countDown();
                });
                SocketClient client = SocketClient.open(server, "/")) {
            client.send(TEXT, "a");
            client.send(TEXT, "b");
            client.send(CLOSE, status(4001, "enough"));
            client.send(TEXT, "after the end");
            isClosed.countDown();

            assertThat(client.rest()).containsExactly("text a", "text offered", "text b", "text offered", "close 4001");
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theHandlerMayCloseAfterTheClient() throws Exception {
        try (TestServer server = serving(socket -> {
                    assertThat(socket.receive()).isPresent();
                    Await.until("the close frame has arrived", () -> !socket.isOpen());
                    socket.send("bye");
                    socket.close(4002, "mine");
                });
                SocketClient client = SocketClient.open(server, "/")) {
            client.send(TEXT, "a");
            client.send(CLOSE, status(4001, "enough"));

            assertThat(client.rest()).containsExactly("text bye", "close 4002");
        }
    }

    @Test
    void aHandlerThatReturnsEchoesTheEndOfTheClient() throws Exception {
        try (TestServer server = serving(socket -> {
                    assertThat(socket.receive()).isPresent();
                    Await.until("the close frame has arrived", () -> !socket.isOpen());
                });
                SocketClient client = SocketClient.open(server, "/")) {
            client.send(TEXT, "a");
            client.send(CLOSE, status(4001, "enough"));

            assertThat(client.rest()).containsExactly("close 4001");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerThatDoesNotReceiveHoldsUpTheEndForTheCloseTimeoutAtMost(boolean hasUnread) throws Exception {
        WebSocketOptions options = WebSocketOptions.defaults()
                .withCloseTimeout(hasUnread ? Duration.ofMillis(100) : Duration.ofMinutes(10));
        CountDownLatch end = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        http -> http.webSocket("/", options, _ -> assertThat(end.await(60, TimeUnit.SECONDS))
                                .isTrue()));
                SocketClient client = SocketClient.open(server, "/")) {
            if (hasUnread) {
                client.send(TEXT, "a");
            }
            client.send(CLOSE, status(4001, "enough"));

            assertThat(client.rest()).containsExactly("close 4001");
            end.countDown();
        }
    }

    @Test
    void theHandlerCloses() throws Exception {
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        try (TestServer server = serving(socket -> {
                    socket.send("bye");
                    socket.close(4000, "r\u00e4ason ".repeat(30));
                    socket.close(1000, "");
                    assertThat(socket.receive()).isEmpty();
                    assertThatThrownBy(() -> socket.send("late")).satisfies(late::complete);
                });
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read()).hasToString("text bye");
            SocketClient.Frame close = client.read();
            assertThat(close).hasToString("close 4000");
            assertThat(close.payload()).hasSizeBetween(120, 125);
            client.send(TEXT, "dropped");
            client.close(4000);

            assertThat(client.rest()).isEmpty();
            assertThat(late.get(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClientThatDoesNotConfirmTheEndIsDisconnected() throws Exception {
        WebSocketOptions options = WebSocketOptions.defaults().withCloseTimeout(Duration.ofMillis(100));
        try (TestServer server = TestServer.with(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        http -> http.webSocket("/", options, _ -> {}));
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.rest()).containsExactly("close 1000");
            client.close();
            Await.until("the connection ends", () -> server.listener.counts().openConnections() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2000, 5000})
    void codesThatMayNotBeSentAreRefused(int code) throws Exception {
        assertThatThrownBy(() -> new WebSocketException(code, "")).isInstanceOf(IllegalArgumentException.class);
        try (TestServer server = serving(socket -> {
                    assertThatThrownBy(() -> socket.close(code, "")).isInstanceOf(IllegalArgumentException.class);
                    socket.send("refused");
                });
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read()).hasToString("text refused");
        }
    }

    static Stream<Map.Entry<Exception, String>> failures() {
        return Stream.of(
                Map.entry(new WebSocketException(4007, "no such room"), "close 4007"),
                Map.entry(new HttpException(404, "no such room"), "close 1008"),
                Map.entry(new HttpException(503, "no database"), "close 1011"),
                Map.entry(new WebSocketException(1011, "broken"), "close 1011"),
                Map.entry(new IllegalStateException("secret"), "close 1011"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExceptionClosesTheSocket(Map.Entry<Exception, String> failure) throws Exception {
        try (TestServer server = serving(socket -> {
                    socket.send("first");
                    throw failure.getKey();
                });
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read()).hasToString("text first");
            SocketClient.Frame close = client.read();
            assertThat(close).hasToString(failure.getValue());
            assertThat(close.text()).doesNotContain("secret", "database");
            if (!failure.getValue().equals("close 1011")) {
                client.raw.send(frame(CLOSE, close.bytes()));
            }
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aLostConnectionEndsTheHandler() throws Exception {
        try (TestServer server = serving(this::echo)) {
            try (SocketClient client = SocketClient.open(server, "/")) {
                sendText(client, "a");
                client.raw.abort();
            }
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(opened.join().closeStatus().orElseThrow().code()).isEqualTo(CloseStatus.ABNORMAL);
        }
    }

    @Test
    void aClientThatOnlyEndsItsOutputIsGone() throws Exception {
        try (TestServer server = serving(this::echo);
                SocketClient client = SocketClient.open(server, "/")) {
            sendText(client, "a");
            client.raw.shutdownOutput();

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(opened.join().closeStatus().orElseThrow().code()).isEqualTo(CloseStatus.ABNORMAL);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aShutdownClosesIt() throws Exception {
        try (TestServer server = serving(this::echo);
                SocketClient client = SocketClient.open(server, "/")) {
            sendText(client, "a");
            CompletableFuture<Duration> drained = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.drain();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(client.read()).hasToString("close 1001");
            client.close(1001);
            assertThat(client.rest()).isEmpty();
            client.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(8));
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void theHandlerMaySayGoodbye() throws Exception {
        try (TestServer server = serving(socket -> {
                    socket.onDrain(_ -> {
                        socket.send("bye");
                        socket.close(CloseStatus.GOING_AWAY, "moved");
                    });
                    echo(socket);
                });
                SocketClient client = SocketClient.open(server, "/")) {
            sendText(client, "a");
            Thread drain = Thread.ofVirtual().start(() -> drain(server));

            assertThat(client.read()).hasToString("text bye");
            assertThat(client.read()).hasToString("close 1001");
            client.close(1001);
            assertThat(client.rest()).isEmpty();
            client.close();
            drain.join();
        }
    }

    @Test
    void anOpenSocketNeverTakesTheWholeShutdown() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestServer server = serving(socket -> {
                    socket.onDrain(_ -> socket.send("draining"));
                    opened.complete(socket);
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
                SocketClient client = SocketClient.open(server, "/")) {
            WebSocket _ = opened.get(20, TimeUnit.SECONDS);
            Thread drain = Thread.ofVirtual().start(() -> drain(server));

            assertThat(client.read()).hasToString("text draining");
            assertThat(client.rest()).containsExactly("close 1001");
            client.close();
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            drain.join();
            assertThat(server.listener.inFlight().longLived().ended()).isOne();
        }
    }

    private static void drain(TestServer server) {
        try {
            Duration _ = server.drain();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
