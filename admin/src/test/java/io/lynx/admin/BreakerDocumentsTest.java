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
    private final CircuitBreakers recoveries = CircuitBreakers.builder(
                    CircuitBreakerConfig.builder().threshold(2).build())
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

        Golden.assertEquals("breakers.json", BreakerDocuments.all(breakers, recoveries));
    }

    @Test
    void showsTheProbesOfAHalfOpenBreaker() {
        CircuitBreaker payments = breakers.get("payments");
        fail(payments);
        fail(payments);
        time.advance(Duration.ofSeconds(60));
        succeed(payments);

        try (Permit _ = payments.acquire()) {
            assertThat(document(payments))
                    .contains("\"state\": \"half_open\"", "\"state_code\": 2", "\"retry_after_ms\": null")
                    .contains("\"in_flight\": 1", "\"succeeded\": 1");
        }
    }

    @Test
    void showsTheModeThatAnOperatorSet() {
        CircuitBreaker payments = breakers.get("payments");

        BreakerAction.FORCE_OPEN.applyTo(payments);
        assertThat(document(payments))
                .contains("\"state\": \"open\"", "\"mode\": \"forced_open\"", "\"retry_after_ms\": null");

        BreakerAction.DISABLE.applyTo(payments);
        assertThat(document(payments)).contains("\"mode\": \"disabled\"");

        BreakerAction.METRICS_ONLY.applyTo(payments);
        assertThat(document(payments)).contains("\"mode\": \"metrics_only\"");

        BreakerAction.RESET.applyTo(payments);
        assertThat(document(payments)).contains("\"state\": \"closed\"", "\"mode\": \"automatic\"");
    }

    @Test
    void showsAnOpenBreakerWhoseTimeIsOverUntilTheNextCall() {
        CircuitBreaker payments = breakers.get("payments");
        fail(payments);
        fail(payments);
        time.advance(Duration.ofMinutes(5));

        assertThat(document(payments)).contains("\"state\": \"open\"", "\"state_code\": 1", "\"retry_after_ms\": 0");

        try (Permit _ = payments.acquire()) {
            assertThat(document(payments)).contains("\"state\": \"half_open\"", "\"retry_after_ms\": null");
        }
    }

    @Test
    void showsTheBreakersOfRecoveriesAmongTheOthers() {
        var _ = breakers.get("search");
        var _ = breakers.get("payments");
        CircuitBreaker database = recoveries.get("database");
        fail(database);
        fail(database);

        String all = new String(BreakerDocuments.all(breakers, recoveries), StandardCharsets.UTF_8);

        assertThat(all)
                .containsSubsequence(
                        "\"name\": \"payments\"",
                        "\"name\": \"recovery.database\"",
                        "\"state\": \"open\"",
                        "\"name\": \"search\"");
        assertThat(NamedBreaker.find("recovery.database", breakers, recoveries))
                .contains(new NamedBreaker("recovery.database", database));
        assertThat(NamedBreaker.find("database", breakers, recoveries)).isEmpty();
        assertThat(NamedBreaker.find("recovery.payments", breakers, recoveries)).isEmpty();
    }

    private static String document(CircuitBreaker breaker) {
        return new String(BreakerDocuments.one(new NamedBreaker(breaker.name(), breaker)), StandardCharsets.UTF_8);
    }
}
