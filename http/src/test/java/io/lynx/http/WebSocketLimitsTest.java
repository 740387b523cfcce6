package io.lynx.http;

import static io.lynx.http.SocketClient.BINARY;
import static io.lynx.http.SocketClient.PING;
import static io.lynx.http.SocketClient.TEXT;
import static io.lynx.http.SocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Clients of WebSockets that send too much, read too slowly or vanish, and what all of them together may hold. */
class WebSocketLimitsTest {
    private static final WebSocketOptions DEFAULTS = WebSocketOptions.defaults();

    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private final CountDownLatch returned = new CountDownLatch(1);
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    /** Receives until the socket is closed. */
    private void receive(WebSocket socket) {
        opened.complete(socket);
        try {
            for (WebSocketMessage message : socket) {
                socket.send(message.bytes().length + "");
            }
        } finally {
            returned.countDown();
        }
    }

    private TestServer serving(WebSocketOptions options) {
        return serving(limits -> limits, options);
    }

    private TestServer serving(UnaryOperator<TestLimits> limits, WebSocketOptions options) {
        return TestServer.with(limits, http -> http.webSocket("/", options, this::receive));
    }

    private static void after(Duration time) throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> later.complete(null));
        later.get(20, TimeUnit.SECONDS);
    }

    private int closedWith() throws InterruptedException {
        assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        return opened.join().closeStatus().orElseThrow().code();
    }

    @Test
    void largeFramesAndMessagesAreRefused() throws Exception {
        WebSocketOptions options = DEFAULTS.withMaxMessageSize(1000).withMaxFrameSize(600);
        try (TestServer server = serving(options);
                SocketClient frames = SocketClient.open(server, "/");
                SocketClient messages = SocketClient.open(server, "/")) {
            frames.send(BINARY, new byte[600]);
            assertThat(frames.read()).hasToString("text 600");
            frames.send(BINARY, new byte[601]);
            assertThat(frames.rest()).containsExactly("close 1009");

            messages.send(2, new byte[600]);
            messages.send(SocketClient.FIN, new byte[400]);
            assertThat(messages.read()).hasToString("text 1000");
            messages.send(2, new byte[600]);
            messages.send(SocketClient.FIN, new byte[401]);
            assertThat(messages.rest()).containsExactly("close 1009");
        }
    }

    @Test
    void aFewBytesAreNotInflatedToMany() throws Exception {
        WebSocketOptions options = DEFAULTS.withMaxMessageSize(16 * 1024 * 1024).withCompression();
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";
        try (TestServer server = serving(options);
                SocketClient small = SocketClient.open(server, "/", offer);
                SocketClient large = SocketClient.open(server, "/", offer)) {
            small.send(BINARY | SocketClient.RSV1, SocketClient.deflated(new byte[256 * 1024]));
            assertThat(small.read()).hasToString("text 262144");

            large.send(BINARY | SocketClient.RSV1, SocketClient.deflated(new byte[15 * 1024 * 1024]));
            assertThat(large.rest()).containsExactly("close 1009");
        }
    }

    @Test
    void aSilentClientIsPingedAndThenDisconnected() throws Exception {
        try (TestServer server = serving(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        DEFAULTS.withIdleTimeout(Duration.ofSeconds(4)));
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read()).hasToString("ping");
            client.send(SocketClient.PONG, "");
            assertThat(client.read()).hasToString("ping");
            assertThat(client.rest()).isEmpty();
            assertThat(closedWith()).isEqualTo(CloseStatus.ABNORMAL);
        }
    }

    @Test
    void withoutAnIdleTimeoutNothingIsPinged() throws Exception {
        try (TestServer server = serving(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        DEFAULTS.withIdleTimeout(Duration.ZERO));
                SocketClient client = SocketClient.open(server, "/")) {
            after(Duration.ofMillis(500));
            client.send(BINARY, new byte[1]);
            assertThat(client.read()).hasToString("text 1");
        }
    }

    @Test
    void aMessageThatStopsArrivingIsRefused() throws Exception {
        try (TestServer server = serving(limits -> limits.stallTimeout(Duration.ofMillis(300)), DEFAULTS);
                SocketClient client = SocketClient.open(server, "/")) {
            for (int i = 0; i < 10; i++) {
                client.send(BINARY, new byte[10]);
                assertThat(client.read()).hasToString("text 10");
            }
            byte[] whole = frame(BINARY, new byte[100]);
            client.raw.send(Arrays.copyOf(whole, 50));

            assertThat(client.rest()).containsExactly("close 1008");
            assertThat(closedWith()).isEqualTo(CloseStatus.POLICY_VIOLATION);
        }
    }

    @Test
    void sendWaitsForASlowClientAndEndsWithOneThatDoesNotRead() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (TestServer server = TestServer.with(
                        limits -> limits.stallTimeout(Duration.ofMillis(500)),
                        http -> http.webSocket("/", DEFAULTS.withMaxPending(64 * 1024), socket -> {
                            opened.complete(socket);
                            try {
                                while (true) {
                                    socket.send("x".repeat(8 * 1024));
                                    sent.incrementAndGet();
                                }
                            } catch (ClientGoneException e) {
                                thrown.set(e);
                                throw e;
                            } finally {
                                returned.countDown();
                            }
                        }));
                SocketClient client = SocketClient.open(server, "/")) {
            assertThat(client.read().toString()).startsWith("text xxx");

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(thrown.get()).isInstanceOf(ClientGoneException.class);
            assertThat(opened.join().closeStatus().orElseThrow().code()).isEqualTo(CloseStatus.ABNORMAL);
            // What the buffers of both systems take, and the bound.
            assertThat(sent.get()).isLessThan(20_000);
        }
    }

    @Test
    void offerDisconnectsAClientThatDoesNotRead() throws Exception {
        try (TestServer server = serving(DEFAULTS.withMaxPending(64 * 1024));
                SocketClient _ = SocketClient.open(server, "/")) {
            WebSocket socket = opened.get(20, TimeUnit.SECONDS);
            int accepted = 0;
            while (accepted < 20_000 && socket.offer("x".repeat(8 * 1024))) {
                accepted++;
            }

            assertThat(accepted).isLessThan(20_000);
            assertThat(socket.isOpen()).isFalse();
            assertThat(closedWith()).isEqualTo(CloseStatus.POLICY_VIOLATION);
        }
    }

    @Test
    void aHandlerThatDoesNotReceiveStopsTheClient() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger received = new AtomicInteger();
        try (TestServer server = TestServer.with(
                        limits -> limits.stallTimeout(Duration.ofSeconds(2)),
                        http -> http.webSocket("/", DEFAULTS.withIdleTimeout(Duration.ofSeconds(3)), socket -> {
                            boolean _ = release.await(20, TimeUnit.SECONDS);
                            for (WebSocketMessage message : socket) {
                                received.addAndGet(message.bytes().length);
                            }
                            returned.countDown();
                        }));
                SocketClient client = SocketClient.open(server, "/")) {
            AtomicInteger written = new AtomicInteger();
            byte[] frame = frame(BINARY, new byte[8 * 1024]);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 4_000; i++) {
                        client.raw.send(frame);
                        written.addAndGet(8 * 1024);
                    }
                    client.close(1000);
                } catch (IOException e) {
                    thrown.set(e);
                }
            });
            int before = -1;
            while (written.get() != before) {
                before = written.get();
                after(Duration.ofSeconds(4));
            }
            assertThat(written.get()).isLessThan(4_000 * 8 * 1024);

            release.countDown();

            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            writer.join();
            assertThat(thrown.get()).isNull();
            assertThat(received).hasValue(4_000 * 8 * 1024);
        }
    }

    @Test
    void manySmallMessagesAreReceivedInOrder() throws Exception {
        int many = 20_000;
        AtomicInteger next = new AtomicInteger();
        try (TestServer server = TestServer.with(http -> http.webSocket("/", socket -> {
                    for (WebSocketMessage message : socket) {
                        assertThat(message.text()).isEqualTo("" + next.getAndIncrement());
                    }
                }));
                SocketClient client = SocketClient.open(server, "/")) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < many; i++) {
                all.writeBytes(frame(TEXT, "" + i));
            }
            client.raw.send(all.toByteArray());

            Await.until("all are received", () -> next.get() == many);
            client.close(1000);
            assertThat(client.rest()).containsExactly("close 1000");
        }
    }

    @Test
    void aFloodOfFramesWithoutContentIsRefused() throws Exception {
        try (TestServer server = serving(DEFAULTS);
                SocketClient pings = SocketClient.open(server, "/");
                SocketClient fragments = SocketClient.open(server, "/")) {
            assertThat(flood(pings, frame(PING, new byte[0])).getLast()).isEqualTo("close 1008");
            fragments.send(1, "");
            assertThat(flood(fragments, frame(0, new byte[0]))).containsExactly("close 1008");
        }
    }

    /** Sends a frame many times at once; gives every frame of the server. */
    private static List<String> flood(SocketClient client, byte[] frame) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 50_000; i++) {
            all.writeBytes(frame);
        }
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                client.raw.send(all.toByteArray());
            } catch (IOException closed) {
                // The server has ended the connection.
            }
        });
        List<String> answers = client.rest();
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        answers.removeIf(answer -> answer.startsWith("broken"));
        return answers;
    }

    @Test
    void placesAreLimited() throws Exception {
        try (TestServer server = serving(limits -> limits.maxLongLived(1), DEFAULTS);
                SocketClient first = SocketClient.open(server, "/");
                RawClient second = server.raw()) {
            first.send(BINARY, new byte[1]);
            assertThat(first.read()).hasToString("text 1");

            assertThat(SocketClient.handshake(second, "/").status()).isEqualTo(503);
            Await.until(
                    "the refusal has ended", () -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.inFlight().longLived().current()).isOne();
        }
    }
}
