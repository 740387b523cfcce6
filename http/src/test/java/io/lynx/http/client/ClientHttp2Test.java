package io.lynx.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over HTTP/2, to services that behave and to others. */
class ClientHttp2Test {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final byte[] STATUS_200 = {(byte) 0x88};
    /** The name is in the static table, the value is literal. */
    private static final byte[] STATUS_103 = {8, 3, '1', '0', '3'};

    private static HttpClientBuilder http2(HttpClientBuilder builder) {
        return builder.http2(ClientConfig.Http2.ALWAYS);
    }

    @Test
    void callsShareAConnection() throws Exception {
        Set<Object> connections = ConcurrentHashMap.newKeySet();
        try (TestService service = TestService.with(routes -> routes.get("/{n}", (request, response) -> {
                    connections.add(request.connection());
                    response.header("X-Protocol", request.protocol()).send(request.path("n"));
                }));
                HttpClient client = http2(service.client()).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ClientResponse>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                int number = i;
                answers.add(threads.submit(() -> client.get("/{n}", number).send()));
            }
            for (int i = 0; i < 500; i++) {
                ClientResponse response = answers.get(i).get(20, TimeUnit.SECONDS);
                assertThat(response.text()).isEqualTo("" + i);
                assertThat(response.header("x-protocol")).contains("HTTP/2");
            }
            assertThat(connections).hasSizeBetween(1, 10);
            Await.until("all connections are idle", () -> client.counts().active() == 0);
        }
    }

    @Test
    void bodiesAreStreamed() throws Exception {
        byte[] bytes = new byte[2_000_000];
        Arrays.fill(bytes, (byte) 7);
        try (TestService service = TestService.with(routes -> routes.post("/", (request, response) -> {
                    byte[] body = request.bytes();
                    try (OutputStream out = response.stream()) {
                        out.write(body);
                    }
                }));
                HttpClient client = http2(service.client()).build()) {
            assertThat(client.post("/").body(bytes).send().bytes()).isEqualTo(bytes);
            assertThat(client.post("/")
                            .body(new ByteArrayInputStream(bytes), -1)
                            .send()
                            .bytes())
                    .isEqualTo(bytes);
            try (StreamedResponse response = client.post("/").body(bytes).open()) {
                assertThat(response.stream().readNBytes(10)).hasSize(10);
                // The other call is not held up by the one that is not read.
                assertThat(client.post("/").text("x").send().text()).isEqualTo("x");
                assertThat(response.stream().readAllBytes()).hasSize(bytes.length - 10);
            }
            HttpClient small = http2(service.client()).maxBodySize(1000).build();
            try (small) {
                HttpCallException failure = catchThrowableOfType(
                        HttpCallException.class,
                        () -> small.post("/").body(bytes).send());
                assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
                assertThat(small.post("/").text("x").send().text()).isEqualTo("x");
            }
        }
    }

    /** Calls go on while the servers of a service are replaced. */
    @ParameterizedTest
    @EnumSource(names = {"OFF", "ALWAYS"})
    void aServerThatDrainsLosesNoCall(ClientConfig.Http2 version) throws Exception {
        try (TestService one = TestService.with(routes -> routes.post("/", (_, response) -> response.send("one")));
                TestService two = TestService.with(routes -> routes.post("/", (_, response) -> response.send("two")));
                HttpClient client = HttpClient.builder("inventory")
                        .url("http://inventory.internal")
                        .connectTimeout(Duration.ofSeconds(30))
                        .http2(version)
                        .connectTimeout(Duration.ofSeconds(20))
                        .addresses("127.0.0.1:" + one.listener.port(), "127.0.0.1:" + two.listener.port())
                        .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false))
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean isOver = new AtomicBoolean();
            List<Future<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(threads.submit(() -> {
                    int calls = 0;
                    while (!isOver.get()) {
                        assertThat(client.post("/").text("x").send().status()).isEqualTo(200);
                        calls++;
                    }
                    return calls;
                }));
            }
            Await.until("both servers are used", () -> client.counts().servers() == 2);
            one.listener.announceStop();
            one.listener.drain(Deadline.after(Duration.ofSeconds(20), Ticker.system()));
            one.listener.close();
            assertThat(client.post("/").text("x").send().text()).isEqualTo("two");
            isOver.set(true);

            for (Future<Integer> caller : callers) {
                assertThat(caller.get(20, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    // Servers that do what they should not.

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16))
                .put((byte) (payload.length >> 8))
                .put((byte) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return frame.array();
    }

    private static byte[] number(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(bytes::putInt);
        return bytes.array();
    }

    private static byte[] all(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] ok(int stream) {
        return all(
                frame(HEADERS, END_HEADERS, stream, STATUS_200),
                frame(DATA, END_STREAM, stream, "ok".getBytes(US_ASCII)));
    }

    /** Reads the preface, and sends settings. */
    private static void greet(ScriptedServer.Peer peer) throws IOException {
        assertThat(new String(peer.body(24), US_ASCII)).startsWith("PRI * HTTP/2.0");
        peer.send(all(frame(SETTINGS, 0, 0, new byte[0]), frame(SETTINGS, ACK, 0, new byte[0])));
    }

    /** Reads frames until the head of a call has arrived; returns its stream. */
    private static int call(ScriptedServer.Peer peer) throws IOException {
        while (true) {
            ByteBuffer head = ByteBuffer.wrap(peer.body(9));
            if (head.remaining() < 9) {
                throw new IOException("the client has gone");
            }
            int length = ((head.get() & 0xff) << 16) | ((head.get() & 0xff) << 8) | (head.get() & 0xff);
            int type = head.get();
            byte _ = head.get();
            int stream = head.getInt();
            byte[] _ = peer.body(length);
            if (type == HEADERS) {
                return stream;
            }
        }
    }

    private static HttpCallException failureOf(ScriptedServer.Script script) throws Exception {
        return failureOf(script, Duration.ofSeconds(20));
    }

    private static HttpCallException failureOf(ScriptedServer.Script script, Duration readTimeout) throws Exception {
        return ScriptedServer.failureOf(
                script, client -> http2(client).readTimeout(readTimeout), client -> client.get("/")
                        .send());
    }

    @Test
    void aGoAwayInTheMiddle() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    greet(peer);
                    int stream = call(peer);
                    if (peer.number == 1) {
                        // The stream was not processed.
                        peer.send(frame(GOAWAY, 0, 0, number(0, 0)));
                    } else {
                        peer.send(ok(stream));
                    }
                    peer.hang();
                });
                HttpClient client = http2(server.client()).build()) {
            assertThat(client.post("/").text("x").send().text()).isEqualTo("ok");
        }
    }

    @Test
    void aCallThatWasNotProcessedIsRepeated() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    greet(peer);
                    // REFUSED_STREAM
                    peer.send(frame(RESET, 0, call(peer), number(7)));
                    peer.send(ok(call(peer))).hang();
                });
                HttpClient client = http2(server.client()).build()) {
            assertThat(client.post("/").text("x").send().text()).isEqualTo("ok");
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void aReset() throws Exception {
        HttpCallException failure = failureOf(peer -> {
            greet(peer);
            peer.send(frame(RESET, 0, call(peer), number(2))).hang();
        });

        assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
        assertThat(failure).hasMessageContaining("the server has reset the call");
    }

    @Test
    void silence() throws Exception {
        Duration brief = Duration.ofMillis(300);
        assertThat(failureOf(ScriptedServer.Peer::hang, brief).reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failureOf(
                                peer -> {
                                    greet(peer);
                                    peer.send(frame(HEADERS, END_HEADERS, call(peer), STATUS_200))
                                            .hang();
                                },
                                brief)
                        .reason())
                .isEqualTo(Reason.TIMED_OUT);
    }

    /** As when the path to the server is cut: no call is silent for as long as its read time-out. */
    @Test
    void aConnectionOnWhichNothingArrivesIsLeft() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    greet(peer);
                    while (true) {
                        int stream = call(peer);
                        if (peer.number > 1) {
                            peer.send(ok(stream));
                        }
                    }
                });
                HttpClient client = http2(server.client()).build()) {
            Await.until("another connection is used", () -> {
                try {
                    return client.get("/")
                            .timeout(Duration.ofSeconds(2))
                            .send()
                            .text()
                            .equals("ok");
                } catch (HttpCallException failure) {
                    return false;
                }
            });
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void garbage() throws Exception {
        assertThat(failureOf(peer ->
                                peer.send("HTTP/1.1 400 Bad Request\r\n\r\n").hang())
                        .reason())
                .isEqualTo(Reason.MALFORMED);
        // A body without a head.
        assertThat(failureOf(peer -> {
                            greet(peer);
                            peer.send(frame(DATA, END_STREAM, call(peer), new byte[3]))
                                    .hang();
                        })
                        .reason())
                .isIn(Reason.CONNECTION_LOST, Reason.MALFORMED);
        // A head without a status: only "content-length: 3", which is the entry 28 of the static table with a literal
        // value.
        assertThat(failureOf(peer -> {
                            greet(peer);
                            peer.send(frame(HEADERS, END_HEADERS, call(peer), new byte[] {0x0f, 0x0d, 1, '3'}))
                                    .hang();
                        })
                        .reason())
                .isIn(Reason.CONNECTION_LOST, Reason.MALFORMED);
    }

    @Test
    void interimAnswersWithoutEnd() throws Exception {
        HttpCallException flood = failureOf(peer -> {
            greet(peer);
            byte[] interim = frame(HEADERS, END_HEADERS, call(peer), STATUS_103);
            while (true) {
                peer.send(interim);
            }
        });
        assertThat(flood.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(flood).hasMessageContaining("the server sends interim answers without end");

        HttpCallException last = failureOf(peer -> {
            greet(peer);
            peer.send(frame(HEADERS, END_HEADERS | END_STREAM, call(peer), STATUS_103))
                    .hang();
        });
        assertThat(last.reason()).isIn(Reason.CONNECTION_LOST, Reason.MALFORMED);
    }

    @Test
    void interimAnswersAreSkipped() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    greet(peer);
                    int stream = call(peer);
                    byte[] interim = frame(HEADERS, END_HEADERS, stream, STATUS_103);
                    peer.send(all(interim, interim, interim, ok(stream))).hang();
                });
                HttpClient client = http2(server.client()).build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
        }
    }

    @Test
    void aBodyWithoutEnd() throws Exception {
        HttpCallException failure = failureOf(peer -> {
            greet(peer);
            int stream = call(peer);
            peer.send(frame(HEADERS, END_HEADERS, stream, STATUS_200));
            for (int i = 0; i < 20; i++) {
                peer.send(frame(DATA, 0, stream, new byte[10_000]));
            }
            peer.hang();
        });

        assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void oneStreamAtATime() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    assertThat(new String(peer.body(24), US_ASCII)).startsWith("PRI * HTTP/2.0");
                    // SETTINGS_MAX_CONCURRENT_STREAMS is 3.
                    peer.send(all(
                            frame(SETTINGS, 0, 0, new byte[] {0, 3, 0, 0, 0, 1}),
                            frame(SETTINGS, ACK, 0, new byte[0])));
                    while (true) {
                        peer.send(ok(call(peer)));
                    }
                });
                HttpClient client = http2(server.client()).maxConnections(2).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> client.get("/").send().text()));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
            }
            assertThat(server.connections).hasValueLessThanOrEqualTo(2);
        }
    }
}
