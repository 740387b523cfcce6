package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls to an address that drops each attempt to connect, as a firewall does and a machine that has gone. */
class SilentAddressTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static FullBacklog silent;

    @BeforeAll
    static void fill() throws Exception {
        silent = FullBacklog.open();
    }

    @AfterAll
    static void close() throws Exception {
        silent.close();
    }

    private static HttpClientBuilder client() {
        return HttpClient.builder("inventory")
                .url("http://" + silent.address())
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false));
    }

    private static HttpCallException failureOf(HttpClient client) {
        HttpCallException failure = catchThrowableOfType(
                HttpCallException.class, () -> client.get("/").send());
        assertThat(failure).isNotNull();
        Await.until("nothing is in flight", () -> client.counts().inFlight() == 0);
        Await.until("no connection is active", () -> client.counts().active() == 0);
        return failure;
    }

    @ParameterizedTest
    @EnumSource
    void aCallEndsWithinTheTimeToConnect(ClientConfig.Http2 version) {
        try (HttpClient client = client().http2(version).connectTimeout(SHORT).build()) {
            HttpCallException failure = failureOf(client);

            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure.status()).isEqualTo(502);
            assertThat(failure).hasMessage("inventory: GET /: no connection within 2000ms (connect_timeout)");
        }
    }

    @Test
    void aCallEndsWithinItsOwnTime() {
        try (HttpClient client =
                client().connectTimeout(Duration.ofMinutes(1)).timeout(SHORT).build()) {
            HttpCallException failure = failureOf(client);

            assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(failure).hasMessage("inventory: GET /: the call was not complete within 2000ms (timeout)");
        }
    }

    @Test
    void anotherServerAnswersInItsPlace() {
        try (TestService service = TestService.with(routes -> routes.post("/", (_, response) -> response.send("ok")));
                HttpClient client = HttpClient.builder("inventory")
                        .url("http://inventory.internal")
                        .addresses(silent.address(), "127.0.0.1:" + service.listener.port())
                        .connectTimeout(SHORT)
                        .policies(policies -> policies.withRetryAttempts(2).withCircuitBreaker(false))
                        .build()) {
            // Not even a call that must not be repeated fails: nothing of it was sent.
            for (int i = 0; i < 4; i++) {
                assertThat(client.post("/").text("x").send().text()).isEqualTo("ok");
            }
        }
    }
}
