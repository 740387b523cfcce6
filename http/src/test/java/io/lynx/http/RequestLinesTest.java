package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.context.RequestContext;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines that a server writes about a request, with the ids of the request, whichever thread writes them. */
class RequestLinesTest {
    private static final Map<String, String> IDS =
            Map.of("request_id", "r-1", "trace_id", "0af7651916cd43dd8448eb211c80319c", "span_id", "b7ad6b7169203331");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger logger = (Logger) LoggerFactory.getLogger(HttpServer.class);
    private final Lines lines = new Lines();
    private final CountDownLatch released = new CountDownLatch(1);

    private record Line(String message, Map<String, String> ids) {}

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<Line> all = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(new Line(
                    event.getFormattedMessage(), RequestContext.current().ids()));
        }
    }

    @BeforeEach
    void record() {
        lines.setContext(root.getLoggerContext());
        lines.start();
        root.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void release() {
        released.countDown();
        root.detachAppender(lines);
        logger.setLevel(null);
    }

    private void assertLine(String message) {
        Await.until("a line: " + message, () -> lines.all.stream()
                .anyMatch(line -> line.message().startsWith(message)));
        assertThat(lines.all)
                .filteredOn(line -> line.message().startsWith(message))
                .extracting(Line::ids)
                .containsExactly(IDS);
    }

    private static void send(RawClient client, String path) throws Exception {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\ntraceparent: 00-"
                + IDS.get("trace_id") + "-" + IDS.get("span_id") + "-01\r\n\r\n");
    }

    @Test
    void aTimeOutIsLoggedWithTheTrace() throws Exception {
        RouteOptions brief = RouteOptions.defaults().withTimeout(Duration.ofSeconds(1));
        try (TestServer server = TestServer.with(http -> http.get("/slow", brief, (_, response) -> {
            released.await();
            response.send("late");
        }))) {
            try (RawClient client = server.raw()) {
                send(client, "/slow");
                assertThat(client.answer().status()).isEqualTo(503);
            }

            assertLine("Request exceeded its time");
        }
    }

    @Test
    void aFailureIsLoggedWithTheTrace() throws Exception {
        RouteOptions onEventLoop = RouteOptions.nonBlocking();
        try (TestServer server = TestServer.with(http -> http.get("/broken", onEventLoop, (_, _) -> {
            throw new IllegalStateException("in a test");
        }))) {
            try (RawClient client = server.raw()) {
                send(client, "/broken");
                assertThat(client.answer().status()).isEqualTo(500);
            }

            assertLine("Request failed");
        }
    }

    @Test
    void aSlowRequestIsLoggedWithTheTrace() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.slowRequest(Duration.ofMillis(1)),
                http -> http.get("/late", (_, response) -> {
                    long from = System.nanoTime();
                    Await.until("two milliseconds have passed", () -> System.nanoTime() - from > 2_000_000);
                    response.send("ok");
                }))) {
            try (RawClient client = server.raw()) {
                send(client, "/late");
                assertThat(client.answer().status()).isEqualTo(200);
            }

            assertLine("Slow request");
        }
    }
}
