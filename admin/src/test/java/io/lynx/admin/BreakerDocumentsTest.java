package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.resilience.Permit;
import io.lynx.resilience.WindowConfig;
import io.lynx.testkit.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerDocumentsTest {
    private final ManualTime time = new ManualTime();
    private final CircuitBreakers breakers = CircuitBreakers.builder(
                    CircuitBreakerConfig.builder().threshold(2).build())
            .override(
                    "search",
                    own -> own.window(new WindowConfig.Time(
                            Duration.ofSeconds(30),
                            WindowConfig.Limits.of(20, 0.5).withSlowCalls(Duration.ofMillis(250), 0.8))))
            .ticker(time)
            .build();

    private static void succeed(CircuitBreaker breaker) {
        try (Permit permit = breaker.acquire()) {
            permit.success();
        }
    }

    private static void fail(CircuitBreaker breaker) {
        try (Permit permit = breaker.acquire()) {
            permit.failure(new IllegalStateException("no route"));
        }
    }

    @Test
    void showsEveryBreakerByName() {
        CircuitBreaker search = breakers.get("search");
        succeed(search);
        succeed(search);
        fail(search);
        CircuitBreaker payments = breakers.get("payments");
        succeed(payments);
        fail(payments);
        fail(payments);
        assertThat(payments.tryAcquire()).isNull();
        time.advance(Duration.ofSeconds(19));

        Golden.assertEquals("breakers.json", BreakerDocuments.all(breakers));
    }

    @Test
    void showsTheProbesOfAHalfOpenBreaker() {
        CircuitBreaker payments = breakers.get("payments");
        fail(payments);
        fail(payments);
        time.advance(Duration.ofSeconds(60));
        succeed(payments);

        try (Permit _ = payments.acquire()) {
            assertThat(text(BreakerDocuments.one(payments)))
                    .contains("\"state\": \"half_open\"", "\"state_code\": 2", "\"retry_after_ms\": null")
                    .contains("\"in_flight\": 1", "\"succeeded\": 1");
        }
    }

    @Test
    void showsTheModeThatAnOperatorSet() {
        CircuitBreaker payments = breakers.get("payments");

        BreakerAction.FORCE_OPEN.applyTo(payments);
        assertThat(text(BreakerDocuments.one(payments)))
                .contains("\"state\": \"open\"", "\"mode\": \"forced_open\"", "\"retry_after_ms\": null");

        BreakerAction.DISABLE.applyTo(payments);
        assertThat(text(BreakerDocuments.one(payments))).contains("\"mode\": \"disabled\"");

        BreakerAction.METRICS_ONLY.applyTo(payments);
        assertThat(text(BreakerDocuments.one(payments))).contains("\"mode\": \"metrics_only\"");

        BreakerAction.RESET.applyTo(payments);
        assertThat(text(BreakerDocuments.one(payments))).contains("\"state\": \"closed\"", "\"mode\": \"automatic\"");
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
