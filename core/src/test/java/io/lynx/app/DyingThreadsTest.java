package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A plugin whose threads die again and again: it is restarted, quarantined and restarted again, and the instance stays ready. */
class DyingThreadsTest {
    private static final int RESTARTS = 3;
    /** So that what waits for a time, such as for the end of threads, goes on. */
    private static final Duration STEP = Duration.ofMillis(10);

    private final ManualTime time = new ManualTime();
    private final RecordingPlugin worker = RecordingPlugin.named("worker");
    private final Application application = Application.builder()
            .discoverPlugins(false)
            .set("lynx.application.name", "shop")
            .set("lynx.application.version", "1.2.3")
            .ticker(time)
            .scheduler(time)
            .clock(time)
            .plugin(worker)
            .build();

    @Test
    void neverTakeTheInstanceOutOfTraffic() throws Exception {
        FutureTask<Void> start = new FutureTask<>(application::start, null);
        Thread.ofPlatform().name("test-start").start(start);
        pumpUntil("the application has started", start::isDone);
        start.get();

        for (int i = 1; i <= RESTARTS; i++) {
            letAThreadDie();
            awaitStarts(i + 1);
            time.advance(Duration.ofSeconds(20));
        }
        letAThreadDie();
        pumpUntil("the plugin is quarantined", () -> application.recovery().isParked("worker"));
        assertThat(application.health().snapshot().status(Group.READINESS)).isNotEqualTo(HealthStatus.DOWN);

        time.advance(Duration.ofMinutes(1));
        awaitStarts(RESTARTS + 2);
        assertThat(application.health().snapshot().status(Group.READINESS)).isNotEqualTo(HealthStatus.DOWN);
        application.requestStop("test");
        pumpUntil("the application has stopped", () -> application.state() == ApplicationState.STOPPED);
    }

    private void letAThreadDie() {
        Objects.requireNonNull(worker.context)
                .threads()
                .newThread(() -> {
                    throw new IllegalStateException("lost");
                })
                .start();
    }

    private void awaitStarts(int starts) {
        pumpUntil(
                "the plugin runs after " + starts + " starts",
                () -> worker.journal.stream().filter("start"::equals).count() == starts
                        && application.plugins().getFirst().state() == PluginState.RUNNING
                        && application.recovery().errorStats().recoveryStats().active() == 0);
    }

    private void pumpUntil(String what, BooleanSupplier condition) {
        Await.until(what, () -> {
            time.advance(STEP);
            return condition.getAsBoolean();
        });
    }
}
