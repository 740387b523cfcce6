package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UpgradeTest {
    private static final String[] OFFER = {"Connection: keep-alive, Upgrade", "Upgrade: other/2, echo"};

    private final CompletableFuture<StreamEnd> end = new CompletableFuture<>();
    private final CompletableFuture<String> refusal = new CompletableFuture<>();
    private final AtomicLong received = new AtomicLong();

    /** Switches to a protocol that sends back what it receives, until that contains a {@code q}. */
    private void echo(Stream stream) {
        stream.listen(new StreamListener() {
            @Override
            public void ended(StreamEnd how) {
                end.complete(how);
                stream.workDone();
            }

            @Override
            public void check(long now) {}

            @Override
            public void interrupt() {}
        });
        try {
            stream.upgrade("echo", List.of("x-echo", "1"), new BodyListener() {
                @Override
                public void received(byte[] bytes) {
                    received.addAndGet(bytes.length);
                    stream.write(bytes, 0, bytes.length, _ -> {});
                    if (new String(bytes, StandardCharsets.ISO_8859_1).contains("q")) {
                        stream.end();
                    }
                }

                @Override
                public void completed() {
                    stream.end("completed".getBytes(StandardCharsets.ISO_8859_1));
                }

                @Override
                public void failed(String detail) {}
            });
        } catch (IllegalStateException refused) {
            refusal.complete(refused.getMessage());
            ProtocolServer.answer(stream, "not switched");
        }
    }

    private void switched(WireClient client) throws Exception {
        client.request("/", OFFER);
        WireClient.Answer answer = client.head();
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.headers())
                .containsEntry("connection", "Upgrade")
                .containsEntry("upgrade", "echo")
                .containsEntry("x-echo", "1");
    }

    @Test
    void exchangesBytesInBothDirections() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::echo);
                WireClient client = server.client()) {
            switched(client);

            client.send("GET / HTTP/1.1\r\n\u0000\u00ff");
            assertThat(client.read(18)).isEqualTo("GET / HTTP/1.1\r\n\u0000\u00ff");
            assertThat(server.listener.inFlight().current()).isOne();
            client.send("q");

            assertThat(client.rest()).isEqualTo("q");
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(StreamEnd.ANSWERED);
            client.close();
            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
            assertThat(server.listener.inFlight().current()).isZero();
        }
    }

    @Test
    void endsWhenTheClientDisconnects() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::echo);
                WireClient client = server.client()) {
            switched(client);

            client.abort();

            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(StreamEnd.CLIENT_GONE);
        }
    }

    @Test
    void answersAClientThatHasFinishedSending() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::echo);
                WireClient client = server.client()) {
            switched(client);

            client.socket.shutdownOutput();

            assertThat(client.rest()).isEqualTo("completed");
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(StreamEnd.ANSWERED);
        }
    }

    @Test
    void doesNotReadWhileItIsPaused() throws Exception {
        CompletableFuture<Stream> switched = new CompletableFuture<>();
        try (ProtocolServer server = ProtocolServer.serving(stream -> {
                    echo(stream);
                    stream.pause();
                    switched.complete(stream);
                });
                WireClient client = server.client()) {
            switched(client);
            Stream stream = switched.get(20, TimeUnit.SECONDS);
            client.send("abc");
            CompletableFuture<Void> turn = new CompletableFuture<>();
            stream.onEventLoop(() -> turn.complete(null));
            turn.get(20, TimeUnit.SECONDS);
            assertThat(received).hasValue(0);

            stream.resume();

            assertThat(client.read(3)).isEqualTo("abc");
        }
    }

    @Test
    void isRefusedWithoutAnOfferThatConnectionNames() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::echo);
                WireClient client = server.client()) {
            client.request("/", "Upgrade: echo");
            assertThat(client.answer().body()).isEqualTo("not switched");
            assertThat(refusal.get(20, TimeUnit.SECONDS)).contains("does not offer 'echo'");

            client.request("/", "Upgrade: echoes", "Connection: Upgrade");
            assertThat(client.answer().body()).isEqualTo("not switched");
        }
    }

    private static String request(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @Test
    void receivesWhatTheClientHasSentBehindTheRequest() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::echo);
                WireClient client = server.client()) {
            String early = "GET /\u0000\u0081 HT" + "x".repeat(100_000);

            client.send(request("/", OFFER) + early);

            assertThat(client.head().status()).isEqualTo(101);
            assertThat(client.read(early.length())).isEqualTo(early);
            client.send("late");
            assertThat(client.read(4)).isEqualTo("late");
        }
    }

    @Test
    void answersTheRequestsBehindAnOfferThatIsNotAccepted() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(
                        stream -> ProtocolServer.answer(stream, stream.head().target()));
                WireClient client = server.client()) {
            client.send(request("/1", "X-First: 1") + request("/2", OFFER) + request("/3", OFFER) + "GET /4");

            assertThat(client.answer().body()).isEqualTo("/1");
            assertThat(client.answer().body()).isEqualTo("/2");
            assertThat(client.answer().body()).isEqualTo("/3");
            client.send(" HTTP/1.1\r\nHost: a\r\n\r\n" + request("/5", OFFER));
            assertThat(client.answer().body()).isEqualTo("/4");
            assertThat(client.answer().body()).isEqualTo("/5");
            client.request("/6");
            assertThat(client.answer().body()).isEqualTo("/6");
        }
    }

    @Test
    void writesInTheOrderOfTheCallsWhateverTheirThreads() throws Exception {
        CompletableFuture<Stream> switched = new CompletableFuture<>();
        try (ProtocolServer server = ProtocolServer.serving(stream -> {
                    echo(stream);
                    switched.complete(stream);
                });
                WireClient client = server.client()) {
            switched(client);
            Stream stream = switched.get(20, TimeUnit.SECONDS);
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                String text = i + ",";
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                expected.append(text);
                if (i % 3 == 0) {
                    CompletableFuture<Void> written = new CompletableFuture<>();
                    stream.onEventLoop(() -> {
                        stream.write(bytes, 0, bytes.length, _ -> {});
                        written.complete(null);
                    });
                    written.get(20, TimeUnit.SECONDS);
                } else {
                    stream.write(bytes, 0, bytes.length, _ -> {});
                }
            }

            assertThat(client.read(expected.length())).isEqualTo(expected.toString());
        }
    }
}
