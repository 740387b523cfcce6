package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Topic;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a stop does with the events that are still in the queues. */
class EventDrainTest {
    private static final Topic<Integer> WORK = Topic.of("business", "work", Integer.class);

    private static Application running(String timeout, Plugin plugin) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.plugin_timeout", timeout)
                .plugin(plugin)
                .build();
        application.start();
        return application;
    }

    private static void publish(Application application, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(application.events().publish(WORK, i).isAccepted()).isTrue();
        }
    }

    @Test
    void deliversAllQueuedEventsWhileThePluginStillHasItsTimers() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        Application application = running(
                "25s",
                RecordingPlugin.starting(
                        "worker",
                        context -> context.own(context.events().subscribe(WORK, number -> {
                            rest(context);
                            handled.incrementAndGet();
                        }))));
        publish(application, 100);

        ShutdownReport report = application.stop();

        assertThat(handled).hasValue(100);
        assertThat(report.undeliveredEvents()).isZero();
        assertThat(report.isClean()).isTrue();
    }

    private static void rest(PluginContext context) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        var _ = context.scheduler().after(Duration.ofNanos(1), over::countDown);
        if (!over.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the timer did not go off");
        }
    }

    @Test
    void isUncleanIfAnEventOfAPluginIsUndelivered() throws Exception {
        Application application = running(
                "2s",
                RecordingPlugin.starting(
                        "worker",
                        context -> context.own(
                                context.events().subscribe(WORK, number -> new CountDownLatch(1).await()))));
        publish(application, 3);

        ShutdownReport report = application.stop();

        assertThat(report.undeliveredEvents()).isEqualTo(3);
        assertThat(report.cutOff()).singleElement().satisfies(handler -> {
            assertThat(handler.name()).startsWith("event handler '");
            assertThat(handler.age()).isPositive();
            assertThat(handler.stack()).anyMatch(frame -> frame.contains("EventDrainTest"));
        });
        assertThat(report.isClean()).isFalse();
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNCLEAN_SHUTDOWN);
        assertThat(application.state()).isEqualTo(ApplicationState.STOPPED);
    }

    /** A plugin whose handlers and whose stop hang, and heed no interrupt. */
    private static final class StuckPlugin implements Plugin {
        final Semaphore end = new Semaphore(0);

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("worker").build();
        }

        @Override
        public void start(PluginContext context) {
            context.own(context.events().subscribe(WORK, number -> hang()));
        }

        @Override
        public void stop(Deadline deadline) {
            hang();
        }

        private void hang() {
            end.acquireUninterruptibly();
        }
    }

    @Test
    void namesTheEventsOfAPluginWhoseStopHangs() throws Exception {
        StuckPlugin plugin = new StuckPlugin();
        try {
            Application application = running("1s", plugin);
            publish(application, 3);

            ShutdownReport report = application.stop();

            assertThat(report.plugins())
                    .extracting(ShutdownReport.StoppedPlugin::state)
                    .contains(PluginState.ABANDONED);
            assertThat(report.undeliveredEvents()).isEqualTo(3);
            assertThat(report.undeliveredTo()).containsExactly("plugin worker (3)");
            assertThat(report.cutOff()).singleElement().satisfies(handler -> {
                assertThat(handler.name()).startsWith("event handler '");
                assertThat(handler.stack()).anyMatch(frame -> frame.contains("StuckPlugin.hang"));
            });
            assertThat(report.exitCode()).isEqualTo(ExitCode.UNCLEAN_SHUTDOWN);
        } finally {
            plugin.end.release(2); // its stop, and the handler that it was abandoned with
        }
    }

    @Test
    void isUncleanIfAnEventThatBelongsToNoPluginIsUndelivered() throws Exception {
        Application application = running("2s", RecordingPlugin.named("any"));
        application.events().subscribe(WORK, number -> {});
        application.events().pause("business");
        publish(application, 2);

        ShutdownReport report = application.stop();

        assertThat(report.undeliveredEvents()).isEqualTo(2);
        assertThat(report.isClean()).isFalse();
    }
}
