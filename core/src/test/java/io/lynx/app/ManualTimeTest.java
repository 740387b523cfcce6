package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.event.Event;
import io.lynx.event.TopicFilter;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The whole life of an application on time that only the test moves. */
class ManualTimeTest {
    private final ManualTime time = new ManualTime();

    private Application application(Plugin plugin, String drainDelay) {
        return builder(plugin, drainDelay).build();
    }

    private Application.Builder builder(Plugin plugin, String drainDelay) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.drain_delay", drainDelay)
                .ticker(time)
                .scheduler(time)
                .clock(time)
                .plugin(plugin);
    }

    /** Starts it while the time stands still; what is due at once runs on this thread. */
    private void start(Application application) throws Exception {
        FutureTask<Void> start = new FutureTask<>(application::start, null);
        Thread.ofPlatform().name("test-start").start(start);
        pumpUntil(start::isDone);
        start.get();
    }

    private void pumpUntil(BooleanSupplier condition) {
        Await.until("the application goes on", () -> {
            time.advance(Duration.ZERO);
            return condition.getAsBoolean();
        });
    }

    @Test
    void delayAndDrainFollowTheManualTime() throws Exception {
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
    void namesWhatItWaitsForAtHalfAndAtNineTenthsOfTheBudget() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Plugin hung = new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of("hung").build();
            }

            @Override
            public void start(PluginContext context) {
                context.traffic(new FakeListener());
            }

            @Override
            public void stop(Deadline deadline) throws InterruptedException {
                release.await();
            }
        };
        Application application = builder(hung, "0s")
                .set("lynx.shutdown.timeout", "60s")
                .set("lynx.shutdown.plugin_timeout", "60s")
                .build();
        start(application);

        application.requestStop("test");
        pumpUntil(() -> waitsInState(application, PluginState.STOPPING));
        ShutdownReport live = application.shutdownReport().orElseThrow();
        assertThat(live.isOver()).isFalse();
        assertThat(live.isClean()).isFalse();
        assertThat(live.plugins()).singleElement().satisfies(plugin -> {
            assertThat(plugin.id()).isEqualTo("hung");
            assertThat(plugin.state()).isEqualTo(PluginState.STOPPING);
            assertThat(plugin.stack()).anyMatch(frame -> frame.contains("ManualTimeTest"));
        });
        time.advance(Duration.ofSeconds(30));
        pumpUntil(() -> slow(application).size() == 1);
        time.advance(Duration.ofSeconds(24));
        pumpUntil(() -> slow(application).size() == 2);

        assertThat(slow(application)).allSatisfy(line -> {
            assertThat(line.step()).isEqualTo("plugins");
            assertThat(line.waitingFor())
                    .singleElement()
                    .asString()
                    .startsWith("plugin 'hung' is STOPPING for ")
                    .contains("CountDownLatch.await");
        });
        assertThat(slow(application))
                .extracting(LifecycleEvent.ShutdownSlow::elapsed)
                .containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(54));
        release.countDown();
        pumpUntil(() -> application.state() == ApplicationState.STOPPED);
        assertThat(application.awaitStop().isClean()).isTrue();
    }

    /** Returns whether a plugin of this state has reached the latch that it waits for. */
    private static boolean waitsInState(Application application, PluginState state) {
        return application.shutdownReport().stream()
                .flatMap(report -> report.plugins().stream())
                .anyMatch(plugin ->
                        plugin.state() == state && plugin.stack().toString().contains("CountDownLatch.await"));
    }

    private static List<LifecycleEvent.ShutdownSlow> slow(Application application) {
        return application.events().history(TopicFilter.bus("system")).stream()
                .map(Event::payload)
                .filter(LifecycleEvent.ShutdownSlow.class::isInstance)
                .map(LifecycleEvent.ShutdownSlow.class::cast)
                .toList();
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
