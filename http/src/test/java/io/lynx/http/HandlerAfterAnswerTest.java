package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.testkit.Await;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Code that goes on after its request has ended: it is named with its frame when it exceeds the request's time. */
class HandlerAfterAnswerTest {
    private static final RouteOptions SHORT = RouteOptions.defaults().withTimeout(Duration.ofSeconds(2));

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Lines lines = new Lines();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(event.getFormattedMessage() + " " + event.getKeyValuePairs());
        }

        long count(String... parts) {
            return all.stream()
                    .filter(line -> List.of(parts).stream().allMatch(line::contains))
                    .count();
        }
    }

    @BeforeEach
    void record() {
        lines.setContext(root.getLoggerContext());
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void release() {
        released.countDown();
        root.detachAppender(lines);
    }

    private void hang() {
        entered.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertNamed(String route) {
        Await.until(
                "a line names " + route,
                () -> lines.count("its handler is still running", route, "HandlerAfterAnswerTest.hang") == 1);
    }

    @Test
    void handlerThatGoesOnAfterItsAnswerIsNamed() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/after", SHORT, (_, response) -> {
            response.send("ok");
            hang();
        }))) {
            assertThat(server.get("/after").body()).isEqualTo("ok");

            assertNamed("/after");
        }
    }

    @Test
    void interceptorThatGoesOnAfterTheAnswerIsNamed() throws Exception {
        Interceptor slow = (request, response, next) -> {
            next.handle(request, response);
            hang();
        };
        try (TestServer server = TestServer.with(http -> http.path("/group", group -> group.intercept("slow", slow)
                .get("/", SHORT, (_, response) -> response.send("ok"))))) {
            assertThat(server.get("/group/").body()).isEqualTo("ok");

            assertNamed("/group");
        }
    }

    @Test
    void handlerIsNamedThoughNoConnectionIsOpen() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/gone", SHORT, (_, response) -> hang()))) {
            try (RawClient client = server.raw()) {
                client.get("/gone");
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            }

            assertNamed("/gone");
        }
    }

    @Test
    void handlerWithoutATimeLimitIsNamedOnceAndGoesOn() throws Exception {
        RouteOptions unlimited = RouteOptions.defaults().withTimeout(Duration.ZERO);
        try (TestServer server = TestServer.with(
                limits -> limits.requestTimeout(Duration.ofSeconds(1)),
                http -> http.get("/unlimited", unlimited, (_, response) -> {
                    hang();
                    response.send("ok");
                }))) {
            CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(server.get("/unlimited"));
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });

            Await.until(
                    "a line names /unlimited",
                    () -> lines.count("has no time limit", "/unlimited", "HandlerAfterAnswerTest.hang") == 1);
            released.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
            assertThat(lines.count("has no time limit")).isEqualTo(1);
        }
    }

    @Test
    void handlerThatWasAnsweredInItsPlaceIsNamedOnce() throws Exception {
        try (TestServer server = TestServer.with(
                http -> http.get("/late", SHORT, (_, response) -> hang()).get("/after", SHORT, (_, response) -> {
                    response.send("ok");
                    hang();
                }))) {
            assertThat(server.get("/late").statusCode()).isEqualTo(503);
            assertThat(server.get("/after").body()).isEqualTo("ok");

            assertNamed("/after");
            assertNamed("/late");
        }
    }
}
