package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Retries, breaker, limits and hedging of a client. */
class ClientPoliciesTest {
    private static final Duration NONE = Duration.ZERO;

    private static HttpClient client(TestService service, UnaryOperator<PolicyConfig> change) {
        return service.client().policies(change).build();
    }

    /** A service that answers a number of calls with a status. */
    private static TestService failing(AtomicInteger calls, int failures, int status) {
        return TestService.with(routes -> routes.any("/", (_, response) -> {
            if (calls.incrementAndGet() <= failures) {
                response.status(status).header("X-Call", "" + calls.get()).send("no");
            } else {
                response.send("ok");
            }
        }));
    }

    private static PolicyConfig retrying(PolicyConfig policies) {
        return policies.withRetryAttempts(3).withRetryDelays(Duration.ofMillis(1), Duration.ofSeconds(1));
    }

    @Test
    void retriesWhatMayBeRepeated() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 2, 503);
                HttpClient client = client(service, ClientPoliciesTest::retrying)) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(calls).hasValue(3);
            calls.set(0);
            assertThat(client.post("/").text("x").send().status()).isEqualTo(503);
            assertThat(calls).hasValue(1);
            calls.set(0);
            assertThat(client.post("/").text("x").idempotent(true).send().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void limitsThatNoClockCanCountAreRefused() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofDays(300 * 365), Duration.ofSeconds(Long.MAX_VALUE))) {
            for (UnaryOperator<HttpClientBuilder> setting : List.<UnaryOperator<HttpClientBuilder>>of(
                    client -> client.connectTimeout(wrong), client -> client.timeout(wrong))) {
                assertThatThrownBy(
                                () -> setting.apply(new HttpClientBuilder("inventory", Configs.with("max_wait", "1s")))
                                        .build())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("longer than 0, and 365 days at most");
            }
        }
    }

    @Test
    void optionsOfTheBreakerAreAddedToThoseOfTheClient() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 1, 429);
                HttpClient client = service.client()
                        .policies(policies -> policies.withCircuitBreaker(true))
                        .circuitBreaker(breaker -> breaker.threshold(1))
                        .build()) {
            assertThat(client.get("/").send().status()).isEqualTo(429);
            assertThat(client.get("/").send().text()).isEqualTo("ok");
        }
        try (TestService service = failing(calls, 1, 500);
                HttpClient client = service.client()
                        .policies(policies -> policies.withCircuitBreaker(true))
                        .circuitBreaker(breaker -> breaker.threshold(1))
                        .build()) {
            calls.set(0);
            assertThat(client.post("/").send().status()).isEqualTo(500);
            assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(CircuitBreakerOpenException.class);
        }
    }

    @Test
    void theLastAnswerIsReturned() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 100, 503);
                HttpClient client = client(service, ClientPoliciesTest::retrying)) {
            ClientResponse response = client.get("/").send();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("x-call")).contains("3");
            assertThat(response.text()).isEqualTo("no");
            calls.set(0);
            try (StreamedResponse streamed = client.get("/").open()) {
                assertThat(streamed.header("x-call")).contains("3");
            }
            Await.until("nothing is left open", () -> client.counts().active() == 0);
        }
    }

    @Test
    void doesNotRetryWhatWouldFailAgain() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 100, 500);
                HttpClient client = client(service, ClientPoliciesTest::retrying)) {
            assertThat(client.get("/").send().status()).isEqualTo(500);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void respectsRetryAfter() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    int _ = calls.incrementAndGet();
                    response.status(429).header("Retry-After", "3600").send("no");
                }));
                HttpClient client = client(service, ClientPoliciesTest::retrying)) {
            assertThat(client.get("/").send().status()).isEqualTo(429);
            // An hour is longer than the longest wait.
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void aConnectionThatIsLostIsRetried() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    if (peer.number > 2) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                                .hang();
                    }
                });
                HttpClient client =
                        server.client().policies(ClientPoliciesTest::retrying).build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(server.requests).hasValue(3);
        }
    }

    @Test
    void theBreakerOpens() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 100, 503);
                HttpClient client = client(service, policies -> policies.withCircuitBreaker(true))) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").send().status()).isEqualTo(503);
            }
            assertThatThrownBy(() -> client.get("/").send())
                    .isInstanceOf(CircuitBreakerOpenException.class)
                    .hasMessageContaining("client.inventory");
            assertThat(calls).hasValue(5);
        }
    }

    @Test
    void answersToTheCallersMistakesDoNotOpenTheBreaker() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 100, 404);
                HttpClient client = client(service, policies -> policies.withCircuitBreaker(true))) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").send().status()).isEqualTo(404);
            }
        }
    }

    @Test
    void theEndOfTheCallersTimeDoesNotOpenTheBreaker() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                HttpClient client = server.client()
                        .policies(policies -> policies.withCircuitBreaker(true))
                        .build()) {
            for (int i = 0; i < 10; i++) {
                HttpCallException failure = catchThrowableOfType(HttpCallException.class, () -> client.get("/")
                        .deadline(Deadline.after(Duration.ofMillis(20), Ticker.system()))
                        .send());
                assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
            }
        }
    }

    @Test
    void limitsTheRate() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 0, 0);
                HttpClient client = client(service, policies -> policies.withRateLimit(2, Duration.ofHours(1), NONE))) {
            assertThat(client.get("/").send().status()).isEqualTo(200);
            assertThat(client.get("/").send().status()).isEqualTo(200);
            assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(RateLimitExceededException.class);
        }
    }

    @Test
    void limitsTheCallsAtATime() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    hold.await();
                    response.send("ok");
                }));
                HttpClient client = client(service, policies -> policies.withMaxCalls(1, NONE));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> client.get("/").send().status());
            Await.until("the first call waits", () -> client.counts().active() == 1);

            assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(BulkheadFullException.class);
            hold.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void hedgesACallThatHasNoAnswer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    if (peer.number > 1) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                    peer.hang();
                });
                HttpClient client = server.client()
                        .policies(policies -> policies.withHedgeAfter(Duration.ofMillis(20)))
                        .build()) {
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            Await.until("the slow attempt is ended", () -> client.counts().active() == 0);
        }
    }

    @Test
    void waitsUntilTheDateInRetryAfter() throws Exception {
        // Its clock is years behind.
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send(String.join(
                            "\r\n",
                            "HTTP/1.1 503 X",
                            "Content-Length: 0",
                            "Date: Sun, 06 Nov 1994 08:49:37 GMT",
                            "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT",
                            "\r\n"));
                    String _ = peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").hang();
                });
                HttpClient client = server.client()
                        .policies(policies -> policies.withRetryAttempts(2)
                                .withRetryDelays(Duration.ofMillis(1), Duration.ofSeconds(10)))
                        .build()) {
            long begun = System.nanoTime();
            assertThat(client.get("/").send().text()).isEqualTo("ok");
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(900_000_000);
        }
    }

    @Test
    void theCallersOwnMistakesDoNotOpenTheBreaker() {
        try (TestService service = TestService.with(routes -> routes.post("/", (_, response) -> response.send("ok")));
                HttpClient client = client(service, policies -> policies.withCircuitBreaker(true))) {
            for (int i = 0; i < 10; i++) {
                InputStream broken = new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the upload ended");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        return read();
                    }
                };
                assertThatThrownBy(() -> client.post("/").body(broken, 100).send())
                        .isInstanceOf(UncheckedIOException.class);
            }
            assertThat(client.post("/").text("x").send().text()).isEqualTo("ok");
            Await.until("no connection is active", () -> client.counts().active() == 0);
        }
    }

    @Test
    void anAnswerBeforeARejectionIsEnded() {
        AtomicInteger calls = new AtomicInteger();
        try (TestService service = failing(calls, 100, 503);
                HttpClient client = client(service, policies -> policies.withRetryAttempts(10)
                        .withRetryDelays(Duration.ofMillis(1), Duration.ofSeconds(1))
                        .withCircuitBreaker(true))) {
            assertThatThrownBy(() -> client.get("/").open()).isInstanceOf(CircuitBreakerOpenException.class);
            assertThat(calls).hasValue(5);
            Await.until(
                    "nothing is left open",
                    () -> client.counts().active() == 0 && client.counts().inFlight() == 0);
        }
    }

    /** Each client has a budget of its own: ten retries at first, then one for five calls. */
    @Test
    void tenClientsDoNotMultiplyTheLoadOfAServerThatFails() throws Exception {
        int clients = 10;
        int calls = 200;
        AtomicInteger load = new AtomicInteger();
        ManualTime time = new ManualTime();
        try (TestService service = failing(load, Integer.MAX_VALUE, 503);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(() -> {
                    try (HttpClient client = ManualClients.build(
                            service.client().policies(policies -> policies.withRetryAttempts(5)
                                    .withRetryDelays(NONE, Duration.ofSeconds(1))),
                            time)) {
                        for (int call = 0; call < calls; call++) {
                            assertThat(client.get("/").send().status()).isEqualTo(503);
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                Object _ = each.get(60, TimeUnit.SECONDS);
            }
            int atFirst = 10;
            assertThat(load.get()).isGreaterThan(clients * calls).isLessThanOrEqualTo((int)
                    (clients * (1.2 * calls + atFirst)));
        }
    }
}
