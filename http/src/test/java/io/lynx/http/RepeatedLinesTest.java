package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.testkit.Await;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log lines that clients can cause: one a minute for each route and kind, however often they cause it. */
class RepeatedLinesTest {
    private static final int TIMES = 30;

    private final Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger("io.lynx");
    private final Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event);
        }
    };

    @BeforeEach
    void record() {
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private long severe() {
        return lines.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .count();
    }

    @Test
    void anAnswerInAWrapperOfAFutureIsLoggedLikeThatAnswer() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/missing", (_, _) -> {
                    throw new CompletionException(HttpException.notFound());
                })
                .get("/later", (_, _) -> {
                    throw new CompletionException(new HttpException(503, "later", new IllegalStateException("inside")));
                }))) {
            assertThat(server.get("/missing").statusCode()).isEqualTo(404);
            assertThat(server.get("/later").statusCode()).isEqualTo(503);

            Await.until("the failure is logged", () -> severe() > 0);
            assertThat(lines)
                    .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                    .singleElement()
                    .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "11", "many"})
    void anAnswerOfAnotherLengthThanDeclaredIsLogged(String length) throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> {
                    response.header("Content-Length", length);
                    try (OutputStream out = response.stream()) {
                        for (int i = 0; i < 2; i++) {
                            out.write("01234".getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                        }
                    }
                }));
                RawClient client = server.raw()) {
            client.get("/");

            Await.until("the failure is logged", () -> severe() > 0);
            assertThat(lines)
                    .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getThrowableProxy().getMessage()).contains("Content-Length"));
        }
    }

    @Test
    void aRouteThatThrowsIsLoggedOnce() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/throws", (_, _) -> {
            throw new IllegalStateException("broken");
        }))) {
            for (int i = 0; i < TIMES; i++) {
                assertThat(server.get("/throws").statusCode()).isEqualTo(500);
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            Await.until("the failure is logged", () -> severe() > 0);
            assertThat(severe()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotBeReadOrIsRefusedIsNotLogged() throws Exception {
        try (TestServer server = TestServer.with(
                config -> config.maxBodySize(10),
                http -> http.post("/", (request, response) -> response.send(request.text())))) {
            for (String request : List.of(
                    "GET / HTTP/3.1\r\nHost: a\r\n\r\n",
                    "nonsense\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
                    "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                    "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")) {
                for (int i = 0; i < TIMES; i++) {
                    try (RawClient client = server.raw()) {
                        client.send(request);
                        assertThat(client.answer().status()).isGreaterThanOrEqualTo(400);
                    }
                }
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            assertThat(severe()).isZero();
        }
    }

    @Test
    void aSlowRouteIsLoggedOnce() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                config -> config.slowRequest(Duration.ofMillis(1)),
                http -> http.get("/slow/{id}", (_, response) -> {
                    boolean _ = never.await(5, TimeUnit.MILLISECONDS);
                    response.send("slow");
                }))) {
            for (int i = 0; i < TIMES; i++) {
                assertThat(server.get("/slow/" + i).statusCode()).isEqualTo(200);
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            Await.until("the slow request is logged", () -> slow() > 0);
            assertThat(slow()).isEqualTo(1);
            assertThat(lines)
                    .filteredOn(line -> line.getMessage().equals("Slow request"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getKeyValuePairs().toString()).contains("GET", "/slow/{id}"));
        }
    }

    private long slow() {
        return lines.stream()
                .filter(line -> line.getMessage().equals("Slow request"))
                .count();
    }
}
