package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.lynx.context.RequestContext;
import io.lynx.metrics.Catalogue;
import io.lynx.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** The access log. */
class AccessLogTest {
    private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("lynx.access");

    /** Keeps the lines of the access log, or blocks its thread. */
    private static final class Lines extends UnsynchronizedAppenderBase<ILoggingEvent> {
        final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
        final CountDownLatch released = new CountDownLatch(1);
        volatile boolean isBlocked;
        volatile boolean isBroken;

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
            if (isBroken) {
                throw new IllegalStateException("expected by the test");
            }
            if (isBlocked) {
                try {
                    boolean _ = released.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private final Lines lines = new Lines();

    @BeforeEach
    void attach() {
        lines.setContext(ACCESS.getLoggerContext());
        lines.start();
        ACCESS.addAppender(lines);
        ACCESS.setLevel(Level.INFO);
        ACCESS.setAdditive(false);
    }

    @AfterEach
    void detach() {
        lines.released.countDown();
        ACCESS.detachAppender(lines);
        ACCESS.setAdditive(true);
        ACCESS.setLevel(null);
    }

    private static void routes(Routes http) {
        http.get("/orders/{id}", (_, response) -> response.send("hello"))
                .post("/orders", (request, response) -> {
                    RequestContext.current().authenticated(Principal.of("alice"));
                    request.bytes();
                    response.status(201).send("made");
                })
                .get("/failing", (_, _) -> {
                    throw new IllegalStateException("expected by the test");
                })
                .get("/fast", RouteOptions.nonBlocking(), (_, response) -> response.send("fast"))
                .get(
                        "/quiet",
                        RouteOptions.defaults().withoutInterceptor("access-log"),
                        (_, response) -> response.send("quiet"));
    }

    private static TestServer server(AccessLogFormat format) {
        return TestServer.with(limits -> limits.accessLog(format), AccessLogTest::routes);
    }

    private ILoggingEvent line() {
        TestServer.await(() -> !lines.events.isEmpty());
        return lines.events.remove();
    }

    private static Map<String, Object> values(ILoggingEvent event) {
        return event.getKeyValuePairs().stream()
                .collect(Collectors.toMap((KeyValuePair pair) -> pair.key, pair -> pair.value));
    }

    @Test
    void tellsWhatBecameOfARequest() throws Exception {
        try (TestServer server = server(AccessLogFormat.JSON)) {
            server.send(
                    "POST",
                    "/orders?token=secret",
                    "{\"a\":1}",
                    "User-Agent",
                    "shop/1.0",
                    "X-Request-Id",
                    "r-1",
                    "traceparent",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

            ILoggingEvent line = line();
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getThreadName()).isEqualTo("lynx-access-log-test");
            assertThat(values(line))
                    .containsEntry("request_id", "r-1")
                    .containsEntry("trace_id", "0af7651916cd43dd8448eb211c80319c")
                    .containsEntry("user", "alice")
                    .containsEntry("client", "127.0.0.1")
                    .containsEntry("method", "POST")
                    .containsEntry("path", "/orders")
                    .containsEntry("route", "/orders")
                    .containsEntry("protocol", "HTTP/1.1")
                    .containsEntry("status", 201)
                    .containsEntry("request_bytes", 7L)
                    .containsEntry("response_bytes", 4L)
                    .containsEntry("user_agent", "shop/1.0")
                    .containsKeys("began_ms", "ms");
            assertThat(line.toString()).doesNotContain("secret");
        }
    }

    @Test
    void hasRequestsThatFailAndThoseThatNoRouteAnswers() throws Exception {
        try (TestServer server = server(AccessLogFormat.JSON)) {
            assertThat(server.get("/failing").statusCode()).isEqualTo(500);
            assertThat(values(line())).containsEntry("status", 500).containsEntry("route", "/failing");
            assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
            assertThat(values(line())).containsEntry("status", 404).containsEntry("route", "");
            assertThat(server.get("/fast").statusCode()).isEqualTo(200);
            assertThat(values(line())).containsEntry("status", 200).containsEntry("route", "/fast");
            try (RawClient client = server.raw()) {
                client.send("GET /orders/1 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(400);
            }
            assertThat(values(line())).containsEntry("status", 400).containsEntry("method", "");
        }
    }

    @Test
    void aRouteCanBeLeftOut() throws Exception {
        try (TestServer server = server(AccessLogFormat.JSON)) {
            server.get("/quiet");
            server.get("/orders/1");

            assertThat(values(line())).containsEntry("path", "/orders/1");
            assertThat(lines.events).isEmpty();
        }
    }

    @Test
    void isOffByDefaultAndBelowTheLevelOfItsLogger() throws Exception {
        try (TestServer server = TestServer.with(AccessLogTest::routes)) {
            server.get("/orders/1");
        }
        ACCESS.setLevel(Level.WARN);
        try (TestServer server = server(AccessLogFormat.JSON)) {
            server.get("/orders/1");
        }
        assertThat(lines.events).isEmpty();
    }

    @Test
    void writesTheCombinedFormat() throws Exception {
        try (TestServer server = server(AccessLogFormat.COMMON)) {
            server.get("/orders/7?a=b", "User-Agent", "shop/1.0", "X-Request-Id", "r-7");

            assertThat(line().getFormattedMessage())
                    .matches("127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000]"
                            + " \"GET /orders/7 HTTP/1\\.1\" 200 5 \"-\" \"shop/1\\.0\" r-7 \\d+\\.\\d+");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\" 200 5 \"-\" \"forged",
                "a\\",
                "tab\there",
                "escape \u001b[31m red",
                "next line \u0085 end",
                "latin \u00e9",
                "bell \u0007",
            })
    void aClientCannotForgeLines(String agent) throws Exception {
        for (AccessLogFormat format : List.of(AccessLogFormat.COMMON, AccessLogFormat.JSON)) {
            try (TestServer server = server(format);
                    RawClient client = server.raw()) {
                client.send("GET /orders/1 HTTP/1.1\r\nHost: a\r\nUser-Agent: " + agent + "\r\n\r\n");
                client.answer();

                ILoggingEvent line = line();
                String text = format == AccessLogFormat.COMMON
                        ? line.getFormattedMessage()
                        : values(line).get("user_agent") + "" + values(line).get("path");
                assertThat(text).matches("[ -~]*");
                if (format == AccessLogFormat.COMMON) {
                    assertThat(text.chars().filter(c -> c == '"').count()).isEqualTo(6);
                } else {
                    assertThat(text).doesNotContain("\"");
                }
            }
        }
    }

    @Test
    void longTextsAreShortened() throws Exception {
        try (TestServer server = server(AccessLogFormat.JSON)) {
            server.get("/orders/" + "x".repeat(3000), "User-Agent", "y".repeat(3000));

            Map<String, Object> values = values(line());
            assertThat(values.get("path")).asString().hasSize(1027).endsWith("x...");
            assertThat(values.get("user_agent")).asString().hasSize(1027).endsWith("y...");
        }
    }

    @Test
    void followsTheTrustedProxies() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.accessLog(AccessLogFormat.JSON).trustedProxies("127.0.0.1"), AccessLogTest::routes)) {
            server.get("/orders/1", "X-Forwarded-For", "203.0.113.9");

            assertThat(values(line())).containsEntry("client", "203.0.113.9");
        }
    }

    @Test
    void aLogThatHangsHoldsUpNoRequest() throws Exception {
        lines.isBlocked = true;
        try (TestServer server = server(AccessLogFormat.JSON);
                RawClient client = server.raw()) {
            // As many as may wait, the one that is being written, and more.
            int requests = 8192 + 200;
            for (int i = 0; i < requests; i += 100) {
                client.send("GET /fast HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
                for (int j = 0; j < 100; j++) {
                    assertThat(client.answer().status()).isEqualTo(200);
                }
            }
            long dropped = server.metrics
                    .registry()
                    .counter(Catalogue.ACCESS_LOG_DROPPED, "test")
                    .count();
            assertThat(dropped).isBetween(1L, 300L);
            assertThat(lines.events).hasSize(1);
        }
    }

    @Test
    void aLogThatFailsIsCounted() throws Exception {
        lines.isBroken = true;
        try (TestServer server = server(AccessLogFormat.JSON)) {
            assertThat(server.get("/fast").statusCode()).isEqualTo(200);
            assertThat(server.get("/fast").statusCode()).isEqualTo(200);

            TestServer.await(() -> lines.events.size() == 2);
        }
    }
}
