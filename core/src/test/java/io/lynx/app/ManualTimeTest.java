package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The whole life of an application on time that only the test moves. */
class ManualTimeTest {
    private final ManualTime time = new ManualTime();

    private Application application(RecordingPlugin plugin, String drainDelay) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.drain_delay", drainDelay)
                .ticker(time)
                .scheduler(time)
                .clock(time)
                .plugin(plugin)
                .build();
    }

    /** Starts it while the time stands still; what is due at once runs on this thread. */
    private void start(Application application) throws Exception {
        FutureTask<Void> start = new FutureTask<>(application::start, null);
        Thread.ofPlatform().name("test-start").start(start);
        pumpUntil(start::isDone);
        start.get();
    }

    private void pumpUntil(BooleanSupplier condition) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(giveUpAt);
            time.advance(Duration.ZERO);
            Thread.onSpinWait();
        }
    }

    @Test
    void delayAndDrainLastAsLongAsTheManualTimeSays() throws Exception {
        FakeListener listener = new FakeListener();
        Application application =
                application(RecordingPlugin.starting("web", context -> context.traffic(listener)), "10s");
        start(application);
        listener.inFlight().begin();
        time.advance(Duration.ofMinutes(1));

        application.requestStop("test");
        pumpUntil(() -> listener.journal.contains("announce"));
        assertThat(application.state()).isEqualTo(ApplicationState.DRAINING);
        advanceUntil(Duration.ofSeconds(10), () -> listener.journal.contains("drain"));
        advanceUntil(Duration.ofSeconds(10), () -> listener.journal.contains("close"));
        pumpUntil(() -> application.state() == ApplicationState.STOPPED);
        ShutdownReport report = application.awaitStop();

        assertThat(report.at()).isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
        assertThat(tookOf(report, Phase.Name.DELAY)).isEqualTo(Duration.ofSeconds(10));
        assertThat(tookOf(report, Phase.Name.DRAIN)).isEqualTo(Duration.ofSeconds(10));
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(20));
        assertThat(report.requestsFailed()).isEqualTo(1);
    }

    /** Moves the time on, once the sequence waits for it. */
    private void advanceUntil(Duration step, BooleanSupplier reached) {
        Duration half = step.dividedBy(2);
        pumpUntil(() -> time.pending() > 0);
        int before = time.pending();
        assertThat(before).isPositive();
        time.advance(half);
        time.advance(half);
        pumpUntil(reached);
    }

    private static Duration tookOf(ShutdownReport report, Phase.Name name) {
        return report.phases().stream()
                .filter(phase -> phase.name() == name)
                .map(Phase::took)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void uptimeDoesNotFollowTheWallClock() throws Exception {
        Application application = application(RecordingPlugin.named("any"), "0s");
        start(application);

        time.advance(Duration.ofSeconds(5));
        time.jumpWallClock(Duration.ofHours(-3));

        assertThat(application.uptime()).isEqualTo(Duration.ofSeconds(5));
        application.requestStop("test");
        pumpUntil(() -> application.state() == ApplicationState.STOPPED);
    }
}
