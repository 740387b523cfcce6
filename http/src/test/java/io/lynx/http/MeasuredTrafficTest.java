package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.ProductionMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every request is counted once, whatever becomes of it. */
class MeasuredTrafficTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final String HEAD = " HTTP/1.1\r\nHost: a\r\n";

    private final CountDownLatch released = new CountDownLatch(1);

    private TestServer server(UnaryOperator<TestLimits> limits) {
        return TestServer.with(limits, http -> http.get("/items/{id}", (_, response) -> response.send("item"))
                .post("/items", (request, response) -> response.status(201).send(request.text()))
                .get("/chunked", (_, response) -> {
                    try (var out = response.stream()) {
                        out.write(new byte[10_000]);
                        out.flush();
                        out.write(new byte[2_345]);
                    }
                })
                .get("/large", (_, response) -> response.type("text/plain").send(new byte[300_000]))
                .get("/endless", (_, response) -> {
                    try (var out = response.stream()) {
                        while (true) {
                            out.write(new byte[64 * 1024]);
                        }
                    }
                })
                .get("/broken", (_, _) -> {
                    throw new IllegalStateException("broken");
                })
                .get("/half", (_, response) -> {
                    var out = response.stream();
                    out.write(new byte[5]);
                    out.flush();
                    throw new IllegalStateException("broken in the middle");
                })
                .get("/held", RouteOptions.defaults().interruptWhenCancelled(), (_, response) -> {
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                    response.send("held");
                }));
    }

    private static Map<String, Long> ended(TestServer server) {
        TestServer.await(() -> server.listener.inFlight().current() == 0);
        return Measured.requests(server.metrics);
    }

    @Test
    void countsAnswersOfRoutesAndOfTheServer() throws Exception {
        try (TestServer server = server(config -> config)) {
            server.get("/items/1");
            server.get("/items/2?x=y");
            server.send("HEAD", "/items/3", "");
            server.send("POST", "/items", "four");
            server.send("DELETE", "/items", "");
            server.send("OPTIONS", "/items", "");
            server.send("BREW", "/items", "");
            server.get("/nowhere/17");
            server.get("/broken");

            assertThat(ended(server))
                    .containsOnly(
                            Map.entry("GET /items/{id} 200", 2L),
                            Map.entry("HEAD /items/{id} 200", 1L),
                            Map.entry("POST /items 201", 1L),
                            Map.entry("DELETE unmatched 405", 1L),
                            Map.entry("OPTIONS unmatched 204", 1L),
                            Map.entry("OTHER unmatched 405", 1L),
                            Map.entry("GET unmatched 404", 1L),
                            Map.entry("GET /broken 500", 1L));
            assertThat(Measured.count(server.metrics, "lynx_request_duration_seconds"))
                    .isEqualTo(9);
            assertThat(Measured.count(server.metrics, "lynx_requests_rejected_total"))
                    .isZero();
        }
    }

    @Test
    void measuresTheSizesOfBodies() throws Exception {
        try (TestServer server = server(config -> config.compression(true))) {
            server.send("POST", "/items", "x".repeat(100_000));
            try (RawClient client = server.raw()) {
                client.send(
                        "POST /items" + HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("abcdefg");
            }
            server.get("/chunked");
            server.get("/large");
            server.send("HEAD", "/large", "");
            try (RawClient client = server.raw()) {
                client.send("GET /large" + HEAD + "Accept-Encoding: gzip\r\n\r\n");
                RawClient.Answer packed = client.answer(false);
                assertThat(packed.header("content-encoding")).isEqualTo("gzip");
                assertThat(client.body(packed)).hasSizeLessThan(10_000);
            }
            ended(server);

            ProductionMetrics metrics = server.metrics;
            assertThat(Measured.sum(metrics, "lynx_request_size_bytes", "/items"))
                    .isEqualTo(100_007);
            assertThat(Measured.sum(metrics, "lynx_response_size_bytes", "/items"))
                    .isEqualTo(100_007);
            assertThat(Measured.sum(metrics, "lynx_response_size_bytes", "/chunked"))
                    .isEqualTo(12_345);
            assertThat(Measured.sum(metrics, "lynx_response_size_bytes", "/large"))
                    .isEqualTo(600_000);
            assertThat(Measured.sum(metrics, "lynx_request_size_bytes", "/large"))
                    .isZero();
        }
    }

    @Test
    void countsWhatCannotBeRead() throws Exception {
        UnaryOperator<TestLimits> limits =
                config -> config.maxHeaderSize(2048).maxUriLength(512).maxBodySize(10);
        try (TestServer server = server(limits)) {
            sendRaw(server, "nonsense\r\n\r\n", 400);
            sendRaw(server, "GET /items/1 HTTP/1.1\r\n\r\n", 400);
            sendRaw(server, "GET /%4" + HEAD + "\r\n", 400);
            sendRaw(server, "GET /items/1 HTTP/3.1\r\nHost: a\r\n\r\n", 505);
            sendRaw(server, "CONNECT a:1" + HEAD + "\r\n", 501);
            sendRaw(server, "GET /" + "a".repeat(600) + HEAD + "\r\n", 414);
            sendRaw(server, "GET /items/1" + HEAD + "X: " + "b".repeat(3000) + "\r\n\r\n", 431);
            sendRaw(server, "POST /items" + HEAD + "Content-Length: 11\r\n\r\n", 413);
            sendRaw(server, "POST /items" + HEAD + "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n", 413);
            try (RawClient client = server.raw()) {
                client.send("POST /items" + HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
                assertThat(client.answer().status()).isEqualTo(400);
                assertThat(client.isEnded()).isTrue();
            }

            assertThat(ended(server))
                    .containsOnly(
                            Map.entry("OTHER unmatched 400", 2L),
                            Map.entry("GET unmatched 400", 1L),
                            Map.entry("OTHER unmatched 505", 1L),
                            Map.entry("CONNECT unmatched 501", 1L),
                            Map.entry("OTHER unmatched 414", 1L),
                            Map.entry("OTHER unmatched 431", 1L),
                            Map.entry("POST /items 413", 2L),
                            Map.entry("POST /items 400", 1L));
            assertThat(Measured.counts(server.metrics, "lynx_requests_rejected_total", "reason"))
                    .containsOnly(
                            Map.entry("malformed", 5L),
                            Map.entry("max_uri_length", 1L),
                            Map.entry("max_header_size", 1L),
                            Map.entry("max_body_size", 2L));
        }
    }

    private static void sendRaw(TestServer server, String request, int status) throws IOException {
        try (RawClient client = server.raw()) {
            client.send(request);
            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void countsClientsThatLeaveAndAnswersThatFailInTheMiddle() throws Exception {
        try (TestServer server = server(config -> config)) {
            try (RawClient client = server.raw()) {
                client.send("POST /items" + HEAD + "Content-Length: 200000\r\n\r\n" + "x".repeat(100_000));
                TestServer.await(() -> server.listener.inFlight().current() == 1);
                client.abort();
            }
            ended(server);
            try (RawClient client = server.raw()) {
                client.get("/endless");
                assertThat(client.readExactly(1_000_000)).hasSize(1_000_000);
                client.abort();
            }
            ended(server);
            try (RawClient client = server.raw()) {
                client.get("/held");
                TestServer.await(() -> server.listener.inFlight().current() == 1);
                client.abort();
            }
            try (RawClient client = server.raw()) {
                client.get("/half");
                assertThat(client.answer(false).status()).isEqualTo(200);
                client.line();
                client.line();
                assertThat(client.isEnded()).isTrue();
            }

            assertThat(ended(server))
                    .containsOnly(
                            Map.entry("POST /items 499", 1L),
                            Map.entry("GET /endless 499", 1L),
                            Map.entry("GET /held 499", 1L),
                            Map.entry("GET /half 500", 1L));
            assertThat(Measured.sum(server.metrics, "lynx_request_size_bytes", "/items"))
                    .isBetween(1.0, 100_000.0);
            assertThat(Measured.sum(server.metrics, "lynx_response_size_bytes", "/endless"))
                    .isGreaterThanOrEqualTo(900_000);
        }
    }

    @Test
    void countsRequestsThatExceedTheirTimeout() throws Exception {
        UnaryOperator<TestLimits> limits = config -> config.requestTimeout(Duration.ofMillis(600))
                .stallTimeout(SHORT)
                .headerTimeout(SHORT)
                .slowRequest(Duration.ofMillis(300));
        try (TestServer server = server(limits)) {
            assertThat(server.get("/held").statusCode()).isEqualTo(503);
            sendRaw(server, "POST /items" + HEAD + "Content-Length: 10\r\n\r\nhalf", 408);
            sendRaw(server, "GET /items/1 HT", 408);
            try (RawClient client = server.raw()) {
                client.get("/endless");
                TestServer.await(() -> server.listener.counts().timedOut() == 4);
            }

            assertThat(ended(server))
                    .containsOnly(
                            Map.entry("GET /held 503", 1L),
                            Map.entry("POST /items 408", 1L),
                            Map.entry("OTHER unmatched 408", 1L),
                            Map.entry("GET /endless 499", 1L));
            assertThat(Measured.counts(server.metrics, "lynx_timeout_operations_total", "operation_type"))
                    .containsOnly(
                            Map.entry("request", 1L),
                            Map.entry("request_body", 1L),
                            Map.entry("request_head", 1L),
                            Map.entry("response", 1L));
            assertThat(Measured.count(server.metrics, "lynx_slow_operations_total"))
                    .isPositive();
        }
    }

    @Test
    void countsRequestsAndConnectionsBeyondTheLimits() throws Exception {
        try (TestServer server = server(config -> config.maxInFlight(1).maxConnections(2));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            first.get("/held");
            TestServer.await(() -> server.listener.inFlight().current() == 1);
            assertThat(Measured.counts(server.metrics, "lynx_inflight_requests", "protocol"))
                    .containsEntry("test", 1L);
            second.get("/items/1");
            assertThat(second.answer().status()).isEqualTo(503);
            try (RawClient third = server.raw()) {
                assertThat(third.isEnded()).isTrue();
            }
            assertThat(Measured.counts(server.metrics, "lynx_active_connections", "protocol"))
                    .containsEntry("test", 2L);
            released.countDown();
            assertThat(first.answer().body()).isEqualTo("held");

            assertThat(ended(server))
                    .containsOnly(Map.entry("GET /items/{id} 503", 1L), Map.entry("GET /held 200", 1L));
            assertThat(Measured.counts(server.metrics, "lynx_requests_rejected_total", "reason"))
                    .containsOnly(Map.entry("max_in_flight", 1L), Map.entry("max_connections", 1L));
        }
    }

    @Test
    void countsWhatIsCutOffAndShowsNothingOpenAfterwards() throws Exception {
        TestServer server = server(config -> config);
        try (RawClient client = server.raw()) {
            client.get("/held");
            TestServer.await(() -> server.listener.inFlight().current() == 1);

            server.close();

            TestServer.await(() -> Measured.requests(server.metrics).equals(Map.of("GET /held 503", 1L)));
            assertThat(Measured.series(server.metrics, "lynx_inflight_requests"))
                    .isEmpty();
        }
    }

    @Test
    void countsEachPipelinedRequestAndEachStream() throws Exception {
        try (TestServer server = server(config -> config)) {
            try (RawClient client = server.raw()) {
                client.send(("GET /items/1" + HEAD + "\r\n").repeat(50) + "GET /none" + HEAD + "\r\n");
                for (int i = 0; i < 50; i++) {
                    assertThat(client.answer().status()).isEqualTo(200);
                }
                assertThat(client.answer().status()).isEqualTo(404);
            }
            try (Http2RawClient client = new Http2RawClient(server.port())) {
                client.get(1, "/items/1");
                assertThat(client.answer(1)).isEqualTo("200 item");
                client.get(3, "/none");
                assertThat(client.answer(3)).startsWith("404");
                client.send(Http2RawClient.HEADERS, 4, 5, client.head("POST", "/items"));
                client.send(Http2RawClient.DATA, 1, 5, "abc".getBytes(StandardCharsets.UTF_8));
                assertThat(client.answer(5)).isEqualTo("201 abc");
                client.get(7, "/held");
                TestServer.await(() -> server.listener.inFlight().current() == 1);
                client.send(Http2RawClient.RST_STREAM, 0, 7, new byte[] {0, 0, 0, 8});
                TestServer.await(() -> server.listener.inFlight().current() == 0);
                client.send(Http2RawClient.HEADERS, 4, 9, client.head("POST", "/items"));
                client.send(Http2RawClient.DATA, 0, 9, new byte[100]);
                TestServer.await(() -> server.listener.inFlight().current() == 1);
                client.send(Http2RawClient.RST_STREAM, 0, 9, new byte[] {0, 0, 0, 8});
                TestServer.await(() -> server.listener.inFlight().current() == 0);
                client.get(11, "/endless");
                client.next(Http2RawClient.DATA);
            }

            assertThat(ended(server))
                    .containsOnly(
                            Map.entry("GET /items/{id} 200", 51L),
                            Map.entry("GET unmatched 404", 2L),
                            Map.entry("POST /items 201", 1L),
                            Map.entry("GET /held 499", 1L),
                            Map.entry("POST /items 499", 1L),
                            Map.entry("GET /endless 499", 1L));
        }
    }

    @Test
    void countsNoRequestWithoutACompleteHead() throws Exception {
        try (TestServer server = server(config -> config)) {
            try (RawClient client = server.raw()) {
                client.send("GET /items/1 HTTP/1.1\r\nHo");
            }
            try (RawClient client = server.raw()) {
                client.send("GET /items/1");
                client.abort();
            }
            TestServer.await(() -> server.listener.counts().accepted() == 2
                    && server.listener.counts().openConnections() == 0);

            assertThat(ended(server)).isEmpty();
        }
    }

    @Test
    void countsEveryConcurrentRequest() throws Exception {
        try (TestServer server = server(config -> config)) {
            AtomicLong sent = new AtomicLong();
            List<Thread> clients = new ArrayList<>();
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(i);
                clients.add(Thread.startVirtualThread(() -> {
                    try {
                        for (int k = 0; k < 40; k++) {
                            sent.addAndGet(behave(server, random.nextInt(8)));
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread client : clients) {
                assertThat(client.join(Duration.ofSeconds(60))).isTrue();
            }

            assertThat(failures).isEmpty();
            long answered =
                    ended(server).values().stream().mapToLong(Long::longValue).sum();
            assertThat(answered).isEqualTo(sent.get()).isGreaterThan(320);
            for (String metric : List.of("duration_seconds", "size_bytes")) {
                assertThat(Measured.count(server.metrics, "lynx_request_" + metric))
                        .isEqualTo(answered);
            }
        }
    }

    /** Does something, good or bad, and says how many requests that was; each was seen by the server. */
    private static int behave(TestServer server, int how) throws Exception {
        try (RawClient client = server.raw()) {
            switch (how) {
                case 0 -> client.get("/items/" + System.nanoTime());
                case 1 -> client.get("/" + System.nanoTime());
                case 2 -> client.send("nonsense\r\n\r\n");
                case 3 -> client.send("DELETE /items" + HEAD + "Content-Length: 3\r\n\r\nabc");
                case 4 -> {
                    client.send(("GET /items/1" + HEAD + "\r\n").repeat(5));
                    for (int i = 0; i < 5; i++) {
                        assertThat(client.answer().status()).isEqualTo(200);
                    }
                    return 5;
                }
                case 5 -> {
                    client.send("POST /items" + HEAD + "Content-Length: 200000\r\nExpect: 100-continue\r\n\r\n");
                    assertThat(client.line()).contains("100");
                    client.send("x".repeat(70_000));
                    client.abort();
                    return 1;
                }
                case 6 -> {
                    client.get("/endless");
                    assertThat(client.readExactly(100_000)).hasSize(100_000);
                    client.abort();
                    return 1;
                }
                default -> {
                    try (Http2RawClient streams = new Http2RawClient(server.port())) {
                        streams.get(1, "/items/1");
                        streams.get(3, "/none");
                        assertThat(streams.answer(3)).startsWith("404");
                        streams.get(5, "/endless");
                        streams.next(Http2RawClient.DATA);
                        streams.send(Http2RawClient.RST_STREAM, 0, 5, new byte[] {0, 0, 0, 8});
                    }
                    return 3;
                }
            }
            assertThat(client.answer().status()).isIn(200, 400, 404, 405);
            return 1;
        }
    }
}
