package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.testkit.ManualTime;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What plugins and errors mean for readiness. */
class RequiredPluginsTest {
    private final ManualTime time = new ManualTime();
    private final HealthMonitor health = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, Runnable::run)
            .clock(time)
            .random(() -> 0)
            .build();
    private final RequiredPlugins required = new RequiredPlugins(
            health, failure -> ErrorClassifier.standard().classify(failure).isExternal());

    private void started() {
        health.start();
        health.enter(Phase.SERVING);
        time.advance(Duration.ZERO);
    }

    private void change(PluginState before, PluginState now, int restarts, @Nullable Throwable failure) {
        required.accept(new PluginEvent.StateChanged(
                before,
                new PluginStatus(
                        PluginDescriptor.of("orders").build(), now, List.of(), null, null, restarts, failure)));
        time.advance(Duration.ZERO);
    }

    private HealthStatus ready() {
        return health.snapshot().status(Group.READINESS);
    }

    @Test
    void aFailedRestartForAnInternalCauseIsNotReadyUntilThePluginRuns() {
        started();

        change(PluginState.RUNNING, PluginState.FAILED, 0, new IllegalStateException("first"));
        assertThat(ready()).as("no restart has failed yet").isEqualTo(HealthStatus.UP);
        change(PluginState.STARTING, PluginState.FAILED, 1, new IllegalStateException("password=hunter2"));
        assertThat(ready()).isEqualTo(HealthStatus.DOWN);
        assertThat(health.snapshot().check("lynx.required.orders").orElseThrow().error())
                .isEqualTo("required plugin 'orders' is not running and a restart failed:"
                        + " java.lang.IllegalStateException: password=***");

        change(PluginState.STARTING, PluginState.RUNNING, 2, null);
        assertThat(ready()).isEqualTo(HealthStatus.UP);
        assertThat(health.snapshot().check("lynx.required.orders")).isEmpty();
    }

    @Test
    void aFailedRestartForAnExternalCauseStaysReady() {
        started();

        change(PluginState.STARTING, PluginState.FAILED, 1, new ConnectException("refused"));

        assertThat(ready()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void errorsAboveTheThresholdNeverMakeTheInstanceNotReady() {
        try (ErrorRecoveryManager manager = ErrorRecoveryManager.builder()
                .ticker(time)
                .clock(time)
                .scheduler(time)
                .build()) {
            var _ = health.register(
                    HealthMonitor.OWN_PLUGIN,
                    "lynx.recovery",
                    HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING),
                    manager::checkHealth);
            started();

            for (int second = 0; second < 120; second++) {
                for (int error = 0; error < 21; error++) {
                    manager.recordError("orders", new NullPointerException("a client's request"));
                }
                time.advance(Duration.ofSeconds(1));
                assertThat(ready()).isIn(HealthStatus.UP, HealthStatus.DEGRADED);
            }
            assertThat(manager.checkHealth().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(ready()).isEqualTo(HealthStatus.DEGRADED);
        }
    }
}
