package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class RecoveryHealthTest {
    private final RecoveryFixture fixture = new RecoveryFixture();
    private final ErrorRecoveryManager manager = fixture.manager;

    @Test
    void isDownAboveTheThresholdAndHealsAsTheWindowSlides() {
        for (int i = 0; i < 10; i++) {
            fixture.error("a", ErrorSeverity.LOW);
        }
        HealthStatus atThreshold = manager.healthReport().status();
        fixture.time.advance(Duration.ofSeconds(30));
        fixture.error("a", ErrorSeverity.LOW);
        HealthReport above = manager.healthReport();
        fixture.time.advance(Duration.ofMillis(29_999));
        boolean justBefore = manager.isHealthy();
        fixture.time.advance(Duration.ofMillis(1_001));
        boolean after = manager.isHealthy();

        assertThat(atThreshold).isEqualTo(HealthStatus.UP);
        assertThat(above.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(above.healthy()).isFalse();
        assertThat(above.reasons())
                .containsExactly("error type 'database': 11 errors within 60s; at most 10 are healthy");
        assertThat(justBefore).isFalse();
        assertThat(after).isTrue();
    }

    @Test
    void typesAreCountedApart() {
        for (int i = 0; i < 10; i++) {
            fixture.error("network", "a", ErrorSeverity.LOW);
            fixture.error("database", "a", ErrorSeverity.LOW);
        }

        assertThat(manager.isHealthy()).isTrue();
    }

    @Test
    void unrecoveredCriticalIsDownUntilTheWindowHasPassed() {
        fixture.error("a", ErrorSeverity.CRITICAL);
        fixture.await(RecoveryEvent.ComponentQuarantined.class);
        Health down = manager.checkHealth();
        fixture.time.advance(Duration.ofSeconds(61));

        assertThat(down.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(down.data())
                .containsEntry(
                        "reasons",
                        List.of(
                                "component 'a': a critical error is not recovered",
                                "component 'a': quarantined; a critical error, and no strategy for it"));
        assertThat(manager.isHealthy()).isTrue();
    }

    @Test
    void recoveryInProgressIsDegraded() {
        Semaphore gate = new Semaphore(0);
        TestStrategy strategy = TestStrategy.gated("gated", gate);
        manager.registerRecoveryStrategy("database", strategy);
        fixture.error("a", ErrorSeverity.MEDIUM);
        strategy.awaitStart();

        Health during = manager.checkHealth();
        gate.release();
        fixture.finished();

        assertThat(during.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(during.error()).isEqualTo("recoveries in progress: 1");
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
    }

    @Test
    void fallbackIsDegradedWhileErrorsContinue() {
        manager.registerComponent(
                "a", ComponentRecovery.builder().fallback(_ -> {}).build());
        fixture.error("a", ErrorSeverity.HIGH);
        fixture.finished();
        fixture.time.advance(Duration.ofSeconds(59));
        HealthStatus before = manager.checkHealth().status();
        fixture.time.advance(Duration.ofSeconds(2));

        assertThat(before).isEqualTo(HealthStatus.DEGRADED);
        assertThat(manager.checkHealth().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void halfOpenBreakerIsDegradedWhileErrorsContinue() {
        openBreaker(TestStrategy.failing("hopeless"));
        boolean whileOpen = manager.isHealthy();
        fixture.time.advance(Duration.ofSeconds(30));
        fixture.error("component-5", ErrorSeverity.MEDIUM);
        fixture.finished();
        fixture.time.advance(Duration.ofSeconds(31));
        String withErrors = manager.checkHealth().error();
        fixture.time.advance(Duration.ofSeconds(31));

        assertThat(whileOpen).isFalse();
        assertThat(withErrors).isEqualTo("circuit breaker 'database': half-open");
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
    }

    @Test
    void healsFromAnOpenBreakerWithoutAnotherRecovery() {
        openBreaker(TestStrategy.failing("hopeless"));
        fixture.time.advance(Duration.ofSeconds(59));
        Health justBefore = manager.checkHealth();
        fixture.time.advance(Duration.ofSeconds(2));

        assertThat(justBefore.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(justBefore.error()).isEqualTo("circuit breaker 'database': open");
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
        assertThat(manager.healthReport().reasons()).isEmpty();
    }

    @Test
    void halfOpenBreakerThatHealthIgnoresStillAcceptsOnlyProbes() {
        openBreaker(TestStrategy.failing("hopeless"));
        fixture.time.advance(Duration.ofHours(1));
        HealthStatus healed = manager.checkHealth().status();
        fixture.error("component-5", ErrorSeverity.MEDIUM);
        fixture.finished();

        assertThat(healed).isEqualTo(HealthStatus.UP);
        assertThat(manager.checkHealth().error()).isEqualTo("circuit breaker 'database': open");
    }

    @Test
    void errorsOfOtherTypesDoNotKeepAHalfOpenBreakerInHealth() {
        openBreaker(TestStrategy.failing("hopeless"));
        fixture.time.advance(Duration.ofSeconds(61));
        fixture.error("network", "component-5", ErrorSeverity.LOW);
        fixture.settle();

        assertThat(manager.checkHealth()).isEqualTo(Health.up());
    }

    @Test
    void errorsThatChecksFoundKeepAHalfOpenBreakerInHealth() {
        openBreaker(TestStrategy.failing("hopeless"));
        fixture.time.advance(Duration.ofSeconds(30));
        manager.recordError(ErrorReport.builder("component-5")
                .origin(ErrorOrigin.check("component-5", ErrorOrigin.Cause.EXTERNAL))
                .message("no answer")
                .classification(Classification.of(ErrorCategory.DATABASE, ErrorSeverity.MEDIUM, Disposition.UNKNOWN))
                .build());
        fixture.finished();
        fixture.time.advance(Duration.ofSeconds(31));
        String withErrors = manager.checkHealth().error();
        fixture.time.advance(Duration.ofSeconds(31));

        assertThat(withErrors).isEqualTo("circuit breaker 'database': half-open");
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
    }

    @Test
    void anOpenBreakerOfCallsDegradesHealth() {
        CircuitBreaker payments = fixture.callBreakers.get("payments");
        payments.forceOpen();
        Health whileOpen = manager.checkHealth();
        boolean isHealthy = manager.isHealthy();
        payments.reset();

        assertThat(whileOpen.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(whileOpen.error()).isEqualTo("circuit breaker 'payments': open");
        assertThat(isHealthy).isTrue();
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
    }

    @Test
    void aBreakerOfCallsThatNobodyTriesAgainDoesNotDegradeHealthForEver() {
        CircuitBreaker payments = fixture.callBreakers.get("payments");
        while (payments.snapshot().state() == CircuitBreakerState.CLOSED) {
            Objects.requireNonNull(payments.tryAcquire()).failure(new IOException("away"));
        }
        Health whileOpen = manager.checkHealth();
        fixture.time.advance(payments.config().timeout());

        assertThat(whileOpen.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(manager.checkHealth()).isEqualTo(Health.up());
        assertThat(payments.snapshot().state()).as("health changes no breaker").isEqualTo(CircuitBreakerState.OPEN);
    }

    private void openBreaker(TestStrategy hopeless) {
        manager.registerRecoveryStrategy("database", hopeless);
        for (int i = 0; i < 5; i++) {
            fixture.error("component-" + i, ErrorSeverity.MEDIUM);
            fixture.finished();
        }
    }
}
