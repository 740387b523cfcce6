package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.ScriptedServer.Script;
import io.lynx.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What servers do wrong ends a call with a clear reason, and costs it no more time and memory than configured. */
class HostileServerTest {
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private static HttpCallException failureOf(Script script) throws Exception {
        return failureOf(script, client -> client.get("/items/{id}", 7).send());
    }

    private static HttpCallException failureOf(Script script, Consumer<HttpClient> call) throws Exception {
        return failureOf(script, Duration.ofSeconds(20), call);
    }

    private static HttpCallException failureOf(Script script, Duration readTimeout, Consumer<HttpClient> call)
            throws Exception {
        return ScriptedServer.failureOf(script, client -> client.readTimeout(readTimeout), call);
    }

    @Test
    void aPortThatIsClosed() throws Exception {
        int port = ScriptedServer.closedPort();
        try (HttpClient client = HttpClient.builder("inventory")
                .url("http://127.0.0.1:" + port)
                .policies(policies -> policies.withRetryAttempts(1))
                .build()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());

            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure.status()).isEqualTo(502);
            assertThat(failure).hasMessage("inventory: GET /: the connection failed (127.0.0.1:" + port + ")");
        }
    }

    @Test
    void aNameThatIsUnknown() {
        try (HttpClient client = HttpClient.builder("inventory")
                .url("http://no-such-host.invalid")
                .connectTimeout(Duration.ofSeconds(20))
                .policies(policies -> policies.withRetryAttempts(1))
                .build()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());

            assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST);
        }
    }

    @TestFactory
    Stream<DynamicTest> silence() {
        return Stream.of(
                        new Case("at once", "", Reason.TIMED_OUT),
                        new Case("in the status line", "HTTP/1.1 2", Reason.TIMED_OUT),
                        new Case("in the head", OK + "Content-Le", Reason.TIMED_OUT),
                        new Case("after an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n", Reason.TIMED_OUT),
                        new Case("in the body", OK + "Content-Length: 10\r\n\r\n123", Reason.TIMED_OUT),
                        new Case("in a chunk", OK + "Transfer-Encoding: chunked\r\n\r\na\r\n123", Reason.TIMED_OUT),
                        new Case(
                                "before the last chunk",
                                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\n123\r\n",
                                Reason.TIMED_OUT))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    HttpCallException failure = failureOf(
                            peer -> {
                                String _ = peer.head();
                                peer.send(each.answer()).hang();
                            },
                            SHORT,
                            client -> client.get("/items/{id}", 7).send());

                    assertThat(failure.reason()).isEqualTo(each.reason());
                    assertThat(failure.status()).isEqualTo(504);
                    assertThat(failure)
                            .hasMessage(
                                    "inventory: GET /items/{id}: the server was silent within 250ms (read_timeout)");
                }));
    }

    /**
     * An answer that is wrong.
     *
     * @param answer the connection is closed behind it
     */
    private record Case(String name, String answer, Reason reason) {}

    @TestFactory
    Stream<DynamicTest> wrongAnswers() {
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                        new Case("nothing", "", Reason.CONNECTION_LOST),
                        new Case("half a head", OK + "Content-", Reason.CONNECTION_LOST),
                        new Case("less than announced", OK + "Content-Length: 10\r\n\r\n123", Reason.CONNECTION_LOST),
                        new Case("no last chunk", chunked + "3\r\n123\r\n", Reason.CONNECTION_LOST),
                        new Case("garbage", "\u0001\u0002 garbage\r\n\r\n", Reason.MALFORMED),
                        new Case("another protocol", "220 mail.example.com ESMTP\r\n", Reason.MALFORMED),
                        new Case("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", Reason.MALFORMED),
                        new Case("a status above 599", "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", Reason.MALFORMED),
                        new Case(
                                "an upgrade nobody asked for",
                                "HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n",
                                Reason.MALFORMED),
                        new Case("a header without a colon", OK + "nonsense\r\n\r\n", Reason.MALFORMED),
                        new Case(
                                "two lengths",
                                OK + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12",
                                Reason.MALFORMED),
                        new Case("a negative length", OK + "Content-Length: -1\r\n\r\n", Reason.MALFORMED),
                        new Case("a signed length", OK + "Content-Length: +1\r\n\r\n1", Reason.MALFORMED),
                        new Case("a length that is not a number", OK + "Content-Length: x\r\n\r\n1", Reason.MALFORMED),
                        new Case(
                                "a length and chunks",
                                OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                                Reason.MALFORMED),
                        new Case("an unknown coding", OK + "Transfer-Encoding: gzip\r\n\r\nabc", Reason.MALFORMED),
                        new Case(
                                "chunks in HTTP/1.0",
                                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                                Reason.MALFORMED),
                        new Case("a chunk size that is not a number", chunked + "xyz\r\nabc\r\n", Reason.MALFORMED),
                        new Case("a negative chunk size", chunked + "-1\r\nabc\r\n", Reason.MALFORMED),
                        new Case("a huge chunk size", chunked + "fffffffffffffffff\r\nabc\r\n", Reason.MALFORMED),
                        new Case(
                                "a flood of interim answers",
                                "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000),
                                Reason.MALFORMED),
                        new Case("a large head", OK + "X: " + "x".repeat(100_000) + "\r\n\r\n", Reason.TOO_LARGE),
                        new Case("many headers", OK + "X: y\r\n".repeat(10_000) + "\r\n", Reason.TOO_LARGE),
                        new Case(
                                "a large body",
                                OK + "Content-Length: 200000\r\n\r\n" + "x".repeat(200_000),
                                Reason.TOO_LARGE))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    HttpCallException failure = failureOf(peer -> {
                        String _ = peer.head();
                        peer.send(each.answer());
                    });

                    assertThat(failure.reason()).as(failure.toString()).isEqualTo(each.reason());
                }));
    }

    @Test
    void aReset() throws Exception {
        HttpCallException failure = failureOf(peer -> {
            String _ = peer.head();
            peer.reset();
        });

        assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
    }

    @Test
    void aBodyWithoutEnd() throws Exception {
        HttpCallException failure = failureOf(peer -> {
            String _ = peer.head();
            peer.send(OK + "\r\n");
            while (true) {
                peer.send("x".repeat(10_000));
            }
        });

        assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(failure).hasMessageContaining("larger than 100000 bytes; see lynx.clients.inventory.max_body_size");
    }

    @Test
    void tinyChunksWithoutEnd() throws Exception {
        HttpCallException failure = failureOf(peer -> {
            String _ = peer.head();
            peer.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
            while (true) {
                peer.send("1\r\nx\r\n".repeat(1000));
            }
        });

        assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void emptyLinesWithoutEnd() throws Exception {
        HttpCallException failure = failureOf(
                peer -> {
                    String _ = peer.head();
                    while (true) {
                        peer.send("\r\n".repeat(1000));
                    }
                },
                SHORT,
                client -> client.get("/").send());

        assertThat(failure.reason()).isIn(Reason.TIMED_OUT, Reason.MALFORMED, Reason.TOO_LARGE);
    }

    @Test
    void aBodyThatTricklesIn() throws Exception {
        HttpCallException failure = failureOf(
                peer -> {
                    String _ = peer.head();
                    peer.send(OK + "Content-Length: 1000\r\n\r\n");
                    while (true) {
                        peer.send("x");
                        peer.pause();
                    }
                },
                client -> client.get("/").timeout(Duration.ofMillis(600)).send());

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure).hasMessageContaining("not complete within 600ms (timeout)");
    }

    @Test
    void aRequestThatIsNotRead() throws Exception {
        HttpCallException failure = failureOf(ScriptedServer.Peer::hang, SHORT, client -> client.post("/")
                .body(new byte[50_000_000])
                .send());

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void aStreamThatIsNotRead() throws Exception {
        HttpCallException failure = failureOf(ScriptedServer.Peer::hang, SHORT, client -> client.post("/")
                .body(endless(), -1)
                .send());

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return length;
            }
        };
    }

    @Test
    void aBodyThatComesSlowlyIsNotTheServersFault() throws Exception {
        InputStream slow = new InputStream() {
            private int left = 3;

            @Override
            public int read() {
                if (left == 3) {
                    // Longer than the server may be silent.
                    LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
                }
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int one = read();
                bytes[offset] = (byte) one;
                return one < 0 ? -1 : 1;
            }
        };
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    byte[] _ = peer.body(3);
                    peer.send(OK + "Content-Length: 2\r\n\r\nok").hang();
                });
                HttpClient client =
                        server.client().readTimeout(Duration.ofSeconds(2)).build()) {
            assertThat(client.post("/").body(slow, 3).send().text()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsSent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send("HTTP/1.1 413 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    peer.awaitEnd();
                });
                HttpClient client = server.client().build()) {
            assertThat(client.post("/").body(endless(), -1).send().status()).isEqualTo(413);
            assertThat(client.post("/")
                            .body(new ByteArrayInputStream(new byte[10]), 10)
                            .send()
                            .status())
                    .isEqualTo(413);
        }
    }

    @Test
    void moreThanAnnouncedClosesTheConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send(OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                    peer.hang();
                });
                HttpClient client = server.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void whatNobodyAskedForClosesTheConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send(OK + "Content-Length: 2\r\n\r\nok");
                    if (peer.number == 1) {
                        peer.pause();
                        peer.send(OK + "Content-Length: 4\r\n\r\nevil");
                    }
                    peer.hang();
                });
                HttpClient client = server.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            Await.until("the connection is closed", () -> client.counts().idle() == 0);
            assertThat(client.get("/").send().text()).isEqualTo("ok");
        }
    }

    @Test
    void interimAnswersAreSkipped() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                    peer.send(OK + "Content-Length: 2\r\n\r\nok").hang();
                });
                HttpClient client = server.client().build()) {
            ClientResponse response = client.get("/").send();

            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.header("link")).isEmpty();
        }
    }

    @Test
    void aConnectionThatTheServerHasClosedIsNotNoticed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send(OK + "Content-Length: 2\r\n\r\nok");
                    // A second request is read and not answered, as by a server whose idle time was over.
                    String _ = peer.head();
                });
                HttpClient client = server.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(server.requests).hasValue(3);
        }
    }

    @Test
    void aPostIsNotSentTwice() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send(OK + "Content-Length: 2\r\n\r\nok");
                    String _ = peer.head();
                });
                HttpClient client = server.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.post("/").text("x").send());

            assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
            assertThat(server.requests).hasValue(2);
        }
    }

    @Test
    void messagesHoldNoSecrets() throws Exception {
        List<Script> scripts = List.of(
                peer -> peer.send("HTTP/1.1 200 secret\r\nsecret\r\n\r\nsecret"),
                peer -> peer.reset(),
                peer -> peer.send(OK + "Content-Length: 6\r\n\r\nsecret").hang());
        for (Script script : scripts) {
            HttpCallException failure = failureOf(
                    peer -> {
                        String _ = peer.head();
                        script.run(peer);
                    },
                    client -> {
                        Integer _ = client.get("/items/{id}", "secret")
                                .query("token", "secret")
                                .header("Authorization", "Bearer secret")
                                .fetch(Integer.class);
                    });
            for (Throwable each = failure; each != null; each = each.getCause()) {
                assertThat(each.toString()).doesNotContain("secret");
            }
        }
    }
}
