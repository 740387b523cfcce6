package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What takes an instance out of traffic, and what does not. */
class ReadinessTest {
    private final ManualTime time = new ManualTime();
    private final ScriptedCheck check = new ScriptedCheck();
    private HealthMonitor monitor = started(HealthCheckConfig.defaults());

    private HealthMonitor started(HealthCheckConfig config) {
        HealthMonitor health = HealthMonitor.builder(config, time, time, Runnable::run)
                .clock(time)
                .random(() -> 0)
                .build();
        health.start();
        health.enter(Phase.SERVING);
        time.advance(Duration.ZERO);
        return health;
    }

    private HealthStatus ready() {
        return monitor.snapshot().status(Group.READINESS);
    }

    @Test
    void anExternalCheckThatFailsOrHangsDegrades() {
        check.says(Health.down("connection refused"));
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        time.advance(Duration.ofMinutes(5));
        assertThat(ready()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(monitor.snapshot().check("db").orElseThrow().status()).isEqualTo(HealthStatus.DOWN);

        check.says(() -> {
            throw new java.net.ConnectException("refused");
        });
        time.advance(Duration.ofMinutes(5));

        assertThat(ready()).isEqualTo(HealthStatus.DEGRADED);
    }

    @Test
    void anExternalCheckWithoutAResultDegradesNothing() {
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        assertThat(ready()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void anInternalCheckThatFailsIsNotReady() {
        check.says(Health.down("disk full"));
        var _ = monitor.register(
                "files", "files.disk", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);

        assertThat(ready()).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot().check("files.disk").orElseThrow().isInternal())
                .isTrue();
    }

    @Test
    void theOperatorDecidesAboutADependencyThatIsLocalToTheInstance() {
        monitor = started(HealthCheckConfig.defaults()
                .withCheck("sidecar", HealthCheckConfig.Check.defaults().withCriticality(Criticality.CRITICAL)));
        check.says(Health.down("no sidecar"));
        var _ = monitor.register("sidecar", "sidecar", HealthCheckOptions.defaults(), check);
        time.advance(Duration.ZERO);

        assertThat(ready()).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot().check("sidecar").orElseThrow().isInternal())
                .isFalse();
    }

    @Test
    void aConditionThatIsNotMetIsNotReadyUntilItIsMet() {
        ReadinessCondition accepting = monitor.condition("lynx", "lynx.listener");
        time.advance(Duration.ZERO);
        assertThat(ready()).isEqualTo(HealthStatus.UP);

        accepting.notMet("the listener does not accept connections");
        time.advance(Duration.ZERO);
        assertThat(ready()).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot().check("lynx.listener").orElseThrow().error())
                .isEqualTo("the listener does not accept connections");
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.condition("lynx", "lynx.listener"));

        accepting.met();
        time.advance(Duration.ZERO);
        assertThat(ready()).isEqualTo(HealthStatus.UP);

        accepting.notMet("again");
        accepting.close();
        time.advance(Duration.ZERO);
        assertThat(ready()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void overloadIsNotReadyOnceItHasLastedForItsTime() {
        monitor = started(HealthCheckConfig.defaults().withOverloadAfter(Duration.ofSeconds(10)));
        AtomicLong rejected = new AtomicLong(7);
        Registration source = monitor.overloadSource(rejected::get);
        time.advance(Duration.ofSeconds(3));
        assertThat(monitor.snapshot().check(HealthMonitor.OVERLOAD)).isPresent();

        for (int second = 0; second < 9; second++) {
            rejected.incrementAndGet();
            time.advance(Duration.ofSeconds(1));
            assertThat(ready()).as("second %s", second).isEqualTo(HealthStatus.UP);
        }
        time.advance(Duration.ofSeconds(5));
        assertThat(ready()).as("it ended in time").isEqualTo(HealthStatus.UP);

        for (int second = 0; second < 12; second++) {
            rejected.incrementAndGet();
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(ready()).isEqualTo(HealthStatus.DOWN);
        assertThat(monitor.snapshot()
                        .check(HealthMonitor.OVERLOAD)
                        .orElseThrow()
                        .error())
                .isEqualTo("requests have been rejected for overload for more than 10s");

        time.advance(Duration.ofSeconds(3));
        assertThat(ready()).isEqualTo(HealthStatus.UP);
        source.close();
    }

    @Test
    void overloadIsWatchedOnlyIfItIsConfigured() {
        var _ = monitor.overloadSource(() -> 1);
        assertThat(monitor.snapshot().check(HealthMonitor.OVERLOAD)).isEmpty();

        monitor.apply(HealthCheckConfig.defaults().withOverloadAfter(Duration.ofSeconds(1)));
        assertThat(monitor.snapshot().check(HealthMonitor.OVERLOAD)).isPresent();

        monitor.apply(HealthCheckConfig.defaults());
        assertThat(monitor.snapshot().check(HealthMonitor.OVERLOAD)).isEmpty();
    }

    @Test
    void aPluginWithoutEnabledChecksIsUp() {
        monitor = started(HealthCheckConfig.defaults().withEnabled(false));
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        time.advance(Duration.ofMinutes(1));

        assertThat(monitor.snapshot().statusOf("db")).isEqualTo(HealthStatus.UP);
        assertThat(monitor.snapshot().statusOf("absent")).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(monitor.snapshot().overall()).isEqualTo(HealthStatus.UP);
    }
}
