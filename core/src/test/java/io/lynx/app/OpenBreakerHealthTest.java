package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthStatus;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an open circuit breaker means for the health of an application, with the default interval of checks. */
class OpenBreakerHealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void anOpenBreakerDegradesHealthAtOnceAndOnlyWhileItIsOpen() {
        try (Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "breakers")
                .set("lynx.application.version", "1.0.0")
                .build()) {
            application.start();
            HealthMonitor health = application.health();
            Await.until("it is healthy", PATIENCE, () -> health.snapshot().overall() == HealthStatus.UP);
            CircuitBreaker payments = application.breakers().get("payments");

            payments.forceOpen();
            Await.until(
                    "the open breaker is reported",
                    PATIENCE,
                    () -> health.snapshot().overall() == HealthStatus.DEGRADED);
            assertThat(health.snapshot().check("lynx.recovery").orElseThrow().last())
                    .isNotNull()
                    .satisfies(last -> assertThat(last.error()).isEqualTo("circuit breaker 'payments': open"));
            assertThat(health.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.DEGRADED);

            payments.reset();
            Await.until(
                    "it is healthy again",
                    PATIENCE,
                    () -> health.snapshot().status(Group.READINESS) == HealthStatus.UP);
        }
    }
}
