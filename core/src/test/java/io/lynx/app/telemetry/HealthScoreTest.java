package io.lynx.app.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lynx.health.Health;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthScoreTest {
    private static final Offset<Double> EXACTLY = within(1e-9);

    private final ManualTime time = new ManualTime();
    private final HealthMonitor health = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, Runnable::run)
            .clock(time)
            .random(() -> 0)
            .build();
    private final CircuitBreakers breakers = CircuitBreakers.builder(CircuitBreakerConfig.defaults())
            .ticker(time)
            .build();
    private final ErrorRecoveryManager recovery = ErrorRecoveryManager.builder()
            .ticker(time)
            .clock(time)
            .scheduler(time)
            .build();
    private final HealthScore score = new HealthScore(health, breakers, recovery);

    @BeforeEach
    void serve() {
        health.start();
        // Two checks of the monitor itself, both critical.
        time.advance(Duration.ofSeconds(3));
        health.enter(HealthSnapshot.Phase.SERVING);
    }

    private void check(String name, Criticality criticality, Health result) {
        health.register("shop", name, HealthCheckOptions.defaults().withCriticality(criticality), () -> result);
        time.advance(Duration.ofMillis(1));
    }

    @Test
    void isFullWithoutProblems() {
        check("a", Criticality.CRITICAL, Health.up());

        assertThat(score.now()).isEqualTo(100, EXACTLY);
    }

    @Test
    void losesTheWeightOfWhatFails() {
        check("a", Criticality.DEGRADING, Health.down("gone"));

        // Weights 4, 4 and 2; readiness bears a DEGRADING check that is down.
        assertThat(score.now()).isEqualTo(50 + 50 * (0.6 * 8 / 10 + 0.4), EXACTLY);
    }

    @Test
    void isBelowHalfWhileNotReady() {
        check("a", Criticality.CRITICAL, Health.down("gone"));

        assertThat(score.now()).isEqualTo(49 * (0.6 * 8 / 12 + 0.4), EXACTLY);
    }

    @Test
    void isBelowHalfWhileStopping() {
        health.enter(HealthSnapshot.Phase.STOPPING);

        assertThat(score.now()).isEqualTo(49, EXACTLY);
    }

    @Test
    void losesTheShareOfOpenBreakers() {
        breakers.get("one").forceOpen();
        var _ = breakers.get("two");

        assertThat(score.now()).isEqualTo(50 + 50 * (0.6 + 0.1 + 0.2), EXACTLY);
    }

    @Test
    void losesTheErrorsOfTheWindowUntilTheyAreOld() {
        int threshold = recovery.healthReport().errorThreshold();
        recovery.recordError("database", "no route", "elsewhere", ErrorSeverity.LOW, Map.of());

        assertThat(score.now()).isEqualTo(50 + 50 * (0.8 + 0.2 * (1 - 1.0 / threshold)), EXACTLY);

        time.advance(recovery.errorStats().window().length().plusSeconds(1));
        assertThat(score.now()).isEqualTo(100, EXACTLY);
    }
}
