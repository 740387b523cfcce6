package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.TrafficListener;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTest {
    private final ContainerFixture fixture = new ContainerFixture();
    private final CountDownLatch never = new CountDownLatch(1);

    /** A listener of which one method throws an error or hangs. */
    private final class HostileListener implements TrafficListener {
        private final String method;
        private final boolean hangs;
        private Runnable meanwhile = () -> {};

        HostileListener(String method, boolean hangs) {
            this.method = method;
            this.hangs = hangs;
        }

        private void called(String name) {
            fixture.journal.add(name + " listener");
            if (name.equals(method)) {
                if (hangs) {
                    PluginStartTest.awaitIgnoringInterrupts(never);
                }
                throw new NoClassDefFoundError("broken " + name);
            }
        }

        @Override
        public String name() {
            called("name");
            return "hostile";
        }

        @Override
        public void open() {
            called("open");
        }

        @Override
        public List<String> urls() {
            called("urls");
            meanwhile.run();
            return List.of("http://localhost:1");
        }

        @Override
        public InFlight inFlight() {
            called("inFlight");
            return new InFlight();
        }

        @Override
        public void announceStop() {
            called("announceStop");
        }

        @Override
        public void drain(Deadline deadline) {
            called("drain");
        }

        @Override
        public void close() {
            called("close");
        }
    }

    private PluginStop shutDown() throws Exception {
        Traffic traffic = fixture.container().traffic();
        Deadline budget = fixture.within(Duration.ofSeconds(10));
        traffic.announceStop(budget);
        boolean _ = traffic.drain(budget.atMost(Duration.ofSeconds(2)));
        Traffic.Outcome _ = traffic.close(budget);
        return fixture.stop().getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"announceStop", "drain", "close"})
    void methodThatThrowsAnErrorIsReportedAndThePluginStops(String method) throws Exception {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener(method, false)));
        fixture.start();

        PluginStop stop = shutDown();

        assertThat(stop.state()).isEqualTo(PluginState.STOPPED);
        assertThat(stop.failure()).isInstanceOf(NoClassDefFoundError.class).hasMessage("broken " + method);
        assertThat(fixture.journal)
                .contains("announceStop listener", "drain listener", "close listener", "stopped web");
    }

    /** The time moves only while the method hangs, so that no other one exceeds its time on a busy machine. */
    @ParameterizedTest
    @CsvSource({"announceStop, drain listener", "drain, close listener", "close, stop web"})
    void methodThatHangsIsLeftBehindAndNamed(String method, String next) throws Exception {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener(method, true)));
        fixture.start();

        FutureTask<PluginStop> shutDown = ContainerFixture.async(this::shutDown);
        Await.until("it hangs", () -> fixture.journal.contains(method + " listener"));
        fixture.advanceUntil(next);
        PluginStop stop = shutDown.get(30, TimeUnit.SECONDS);

        assertThat(stop.state()).isEqualTo(PluginState.STOPPED);
        assertThat(Objects.requireNonNull(stop.failure()))
                .hasMessageContaining(
                        method + " of traffic listener 'hostile' (plugin web) did not return in time (at ");
        assertThat(stop.failure().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitIgnoringInterrupts"));
        never.countDown();
    }

    @Test
    void openThatHangsEndsAtTheStartDeadlineAndALateListenerIsClosed() throws Exception {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener("open", true)));
        FutureTask<PluginStartException> start =
                ContainerFixture.async(() -> catchThrowableOfType(PluginStartException.class, fixture::start));

        PluginStartException failure = fixture.advanceUntilDone(start);

        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.TIMED_OUT);
        assertThat(failure)
                .hasMessageContaining("plugin 'web': failed to open its listener")
                .hasMessageContaining("open of traffic listener 'hostile' (plugin web) did not return in time (at ");
        never.countDown();
    }

    @Test
    void cancellationDoesNotWaitForAListenerThatOpens() throws Exception {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener("open", true)));
        FutureTask<PluginStartException> start =
                ContainerFixture.async(() -> catchThrowableOfType(PluginStartException.class, fixture::start));
        Await.until("the listener opens", () -> fixture.journal.contains("open listener"));

        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));

        assertThat(start.get(20, TimeUnit.SECONDS).reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.state("web")).isEqualTo(PluginState.RUNNING);
        assertThat(fixture.stop()).extracting(PluginStop::state).containsExactly(PluginState.STOPPED);
        never.countDown();
    }

    /** The shutdown takes the open listeners after this one has opened, and before it is among them. */
    @ParameterizedTest
    @ValueSource(strings = {"drain", "close"})
    void listenerThatOpensAfterAllWereDrainedOrClosedIsClosed(String step) {
        HostileListener listener = new HostileListener("", false);
        fixture.add("web").onStart(context -> context.traffic(listener));
        Traffic traffic = fixture.container().traffic();
        Deadline budget = fixture.within(Duration.ofSeconds(10));
        traffic.onChange(() -> fixture.container().cancelStart(budget));
        listener.meanwhile = () -> {
            if (step.equals("drain")) {
                boolean _ = traffic.drain(budget);
            } else {
                Traffic.Outcome _ = traffic.close(budget);
            }
        };

        PluginStartException failure = catchThrowableOfType(PluginStartException.class, fixture::start);

        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.journal).containsOnlyOnce("close listener");
        assertThat(traffic.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "urls", "inFlight"})
    void methodThatThrowsWhileOpeningFailsTheStartOfItsPlugin(String method) {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener(method, false)));

        PluginStartException failure = catchThrowableOfType(PluginStartException.class, fixture::start);

        assertThat(failure)
                .hasMessageContaining("plugin 'web': failed to open its listener")
                .hasMessageContaining("broken " + method);
    }

    @Test
    void nameThatThrowsFailsTheStartOfItsPlugin() {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener("name", false)));

        PluginStartException failure = catchThrowableOfType(PluginStartException.class, fixture::start);

        assertThat(failure)
                .hasMessageContaining("plugin 'web': failed to start")
                .hasMessageContaining("broken name");
    }

    @Test
    void restartTakesTheListenersThroughAnnouncementDrainAndClose() throws Exception {
        fixture.add("web").onStart(context -> context.traffic(new HostileListener("", false)));
        fixture.start();
        fixture.journal.clear();

        var _ = fixture.container().restart("web");

        assertThat(fixture.journal)
                .containsExactly(
                        "announceStop listener",
                        "drain listener",
                        "close listener",
                        "stop web",
                        "stopped web",
                        "start web",
                        "name listener",
                        "started web",
                        "open listener",
                        "inFlight listener",
                        "urls listener");
    }
}
