package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.resilience.Policies;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.SystemScheduler;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a request may take, and what happens when its time is over. */
class RequestDeadlineTest {
    private static final String HEADER = "X-Request-Timeout";

    private final SystemScheduler scheduler = new SystemScheduler("test", Runnable::run);

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static void showSeconds(Request request, Response response) {
        // Up to the next ten, as some of them may have passed on a busy machine.
        response.send(request.deadline()
                .map(deadline -> "" + 10 * Math.ceilDiv(deadline.remaining().toMillis(), 10_000))
                .orElse("unlimited"));
    }

    private static Routes routes(Routes http) {
        return http.get("/", RequestDeadlineTest::showSeconds)
                .get(
                        "/short",
                        RouteOptions.defaults().withTimeout(Duration.ofSeconds(30)),
                        RequestDeadlineTest::showSeconds)
                .get("/unlimited", RouteOptions.defaults().withTimeout(Duration.ZERO), RequestDeadlineTest::showSeconds)
                .get(
                        "/removed",
                        RouteOptions.defaults().withoutInterceptor(StandardInterceptors.DEADLINE),
                        RequestDeadlineTest::showSeconds);
    }

    private static TestServer trusting() {
        return TestServer.with(limits -> limits.trustedPeers("127.0.0.0/8", "::1"), RequestDeadlineTest::routes);
    }

    @Test
    void isThatOfTheRouteOrTheServer() throws Exception {
        try (TestServer server = TestServer.with(RequestDeadlineTest::routes)) {
            assertThat(server.get("/").body()).isEqualTo("60");
            assertThat(server.get("/short").body()).isEqualTo("30");
            assertThat(server.get("/unlimited").body()).isEqualTo("unlimited");
            assertThat(server.get("/removed").body()).isEqualTo("unlimited");
        }
    }

    @Test
    void isShortenedByATrustedPeerAlone() throws Exception {
        try (TestServer trusting = trusting();
                TestServer strict =
                        TestServer.with(limits -> limits.trustedPeers("10.0.0.0/8"), RequestDeadlineTest::routes)) {
            assertThat(trusting.get("/", HEADER, "20s").body()).isEqualTo("20");
            assertThat(trusting.get("/", HEADER, "20000ms").body()).isEqualTo("20");
            assertThat(trusting.get("/short", HEADER, "40s").body()).isEqualTo("30");
            assertThat(trusting.get("/unlimited", HEADER, "40s").body()).isEqualTo("40");
            assertThat(trusting.get("/removed", HEADER, "20s").body()).isEqualTo("unlimited");
            assertThat(strict.get("/", HEADER, "20s").body()).isEqualTo("60");
            assertThat(Measured.counts(strict.metrics, "lynx_context_headers_ignored_total", "header"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5m", "5 s", "1.5s", "123456789ms", "0x5s"})
    void ignoresAndCountsAMalformedTime(String value) throws Exception {
        try (TestServer server = trusting()) {
            assertThat(server.get("/", HEADER, value).body()).isEqualTo("60");
            assertThat(Measured.counts(server.metrics, "lynx_context_headers_ignored_total", "header"))
                    .containsOnlyKeys("x-request-timeout");
        }
    }

    @Test
    void ignoresARepeatedTime() throws Exception {
        try (TestServer server = trusting()) {
            assertThat(server.get("/", HEADER, "20s", HEADER, "20s").body()).isEqualTo("60");
        }
    }

    @Test
    void answers503WithRetryAfterAtItsEndAndExpiresTheContext() throws Exception {
        CountDownLatch isCancelled = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                limits -> limits.trustedPeers("127.0.0.1"),
                http -> http.get("/items/{id}", (_, response) -> {
                    RequestContext.current().onCancel(isCancelled::countDown);
                    isCancelled.await();
                    response.send("too late");
                }))) {
            HttpResponse<String> answer = server.get("/items/1", HEADER, "100ms");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(Measured.counts(server.metrics, "lynx_deadline_exceeded_total", "path"))
                    .isEqualTo(Map.of("/items/{id}", 1L));
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(Measured.sum(server.metrics, "lynx_deadline_unused_ratio", "/items/{id}"))
                    .isZero();
        }
    }

    @Test
    void answersWithinMillisecondsIfItIsShort() throws Exception {
        ManualTime time = new ManualTime();
        CountDownLatch release = new CountDownLatch(1);
        HttpServer server = HttpServer.with(
                http -> http.get("/", (_, response) -> response.send("ok")).get("/slow", (_, _) -> release.await()));
        try (RecordingContext context = RecordingContext.of(server.descriptor(), time)
                        .config(new TestLimits().trustedPeers("127.0.0.1").http());
                ListenerFixture listener =
                        ListenerFixture.start(context, descriptor -> RecordingContext.of(descriptor, time))) {
            listener.traffic().open();
            server.start(context);
            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                assertThat(client.answer().status()).isEqualTo(200);
                int pending = time.pending();

                client.send("GET /slow HTTP/1.1\r\nHost: a\r\n" + HEADER + ": 50ms\r\n\r\n");
                for (int i = 0; i < 5; i++) {
                    Await.until("the next check is scheduled", () -> time.pending() == pending + 1);
                    time.advance(Duration.ofMillis(10));
                }

                assertThat(client.answer().status()).isEqualTo(503);
                Await.until("no check is scheduled", () -> time.pending() == pending);
            } finally {
                release.countDown();
            }
        }
    }

    @Test
    void answers408ToABodyThatHasNotArrivedAtItsEnd() throws Exception {
        try (TestServer server = TestServer.with(
                        limits -> limits.trustedPeers("127.0.0.1"),
                        http -> http.post("/", (request, response) -> response.send(request.text())));
                RawClient client = server.raw()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + HEADER + ": 100ms\r\nContent-Length: 10\r\n\r\nhalf");

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.isEnded()).isTrue();
            assertThat(Measured.count(server.metrics, "lynx_deadline_exceeded_total"))
                    .isEqualTo(1);
        }
    }

    @Test
    void endsTheWaitOfAHandlerForTheRestOfABody() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server = TestServer.with(
                        limits -> limits.trustedPeers("127.0.0.1"),
                        http -> http.post("/", (request, _) -> {
                            try {
                                byte[] _ = request.stream().readAllBytes();
                            } catch (IOException | RuntimeException failure) {
                                seen.complete(failure);
                                throw failure;
                            }
                        }));
                RawClient client = server.raw()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + HEADER + ": 2s\r\nContent-Length: 1000000\r\n\r\n"
                    + "x".repeat(300_000));

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(seen.get(20, TimeUnit.SECONDS)).isNotNull();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void runsNoHandlerForARequestWithoutTime() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.trustedPeers("127.0.0.1"),
                http -> http.get("/", (_, response) -> response.send("too late")))) {
            HttpResponse<String> answer = server.get("/", HEADER, "0ms");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(Measured.count(server.metrics, "lynx_deadline_exceeded_total"))
                    .isEqualTo(1);
        }
    }

    @Test
    void answers503IfACallOfTheHandlerEndsWithTheRequest() throws Exception {
        Policies policies = Policies.builder()
                .scheduler(scheduler)
                .attemptTimeout(Duration.ofMinutes(1))
                .build();
        try (TestServer server = TestServer.with(
                limits -> limits.trustedPeers("127.0.0.1"),
                http -> http.get(
                        "/",
                        (_, response) -> response.send(policies.call(() -> {
                            new CountDownLatch(1).await();
                            return "never";
                        }))))) {
            HttpResponse<String> answer = server.get("/", HEADER, "100ms");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(Measured.count(server.metrics, "lynx_deadline_exceeded_total"))
                    .isEqualTo(1);
        }
    }

    @Test
    void isExceededOnceThoughTheHandlerAndTheEventLoopNoticeIt() throws Exception {
        CountDownLatch isAnswered = new CountDownLatch(1);
        try (TestServer server = TestServer.with(limits -> limits.trustedPeers("127.0.0.1"), http -> http.onError(
                        SocketTimeoutException.class, (_, _, _) -> isAnswered.await())
                .get("/", (request, _) -> {
                    Deadline deadline = request.deadline().orElseThrow();
                    while (!deadline.isExpired()) {
                        LockSupport.parkNanos(100_000);
                    }
                    throw new SocketTimeoutException("it ended with the request");
                }))) {
            // The handler notices it first, and the event loop answers while the hook runs.
            assertThat(server.get("/", HEADER, "100ms").statusCode()).isEqualTo(503);
            isAnswered.countDown();
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            assertThat(Measured.count(server.metrics, "lynx_deadline_exceeded_total"))
                    .isEqualTo(1);
        }
    }

    @Test
    void measuresTheUnusedShareOfRequestsWithATimeOfTheirOwn() throws Exception {
        try (TestServer server = trusting()) {
            server.get("/");
            server.get("/short");
            server.get("/", HEADER, "20s");
            TestServer.await(() -> server.listener.inFlight().current() == 0);

            assertThat(Measured.count(server.metrics, "lynx_deadline_unused_ratio"))
                    .isEqualTo(2);
            assertThat(Measured.sum(server.metrics, "lynx_deadline_unused_ratio", "/short"))
                    .isBetween(.3, 1.0);
        }
    }

    @Test
    void shedsRequestsThatCannotBeAnsweredInTimeIfAsked() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.trustedPeers("127.0.0.1").shed(),
                http -> http.get("/", (_, response) -> response.send("ok")))) {
            for (int i = 0; i < 110; i++) {
                assertThat(server.get("/").statusCode()).isEqualTo(200);
            }

            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = server.get("/", HEADER, "0ms");
                statuses.add(answer.statusCode());
                assertThat(answer.headers().firstValue("retry-after")).contains("1");
            }

            assertThat(statuses).containsOnly(503);
            assertThat(Measured.counts(server.metrics, "lynx_requests_rejected_total", "reason"))
                    .isEqualTo(Map.of("deadline", 3L));
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }
}
