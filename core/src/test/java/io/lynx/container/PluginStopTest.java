package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class PluginStopTest {
    private final ContainerFixture fixture = new ContainerFixture();

    @Test
    void stopsDependantsFirstAndEachOnce() throws Exception {
        fixture.add("web", it -> it.requires("orders"));
        fixture.add("orders", it -> it.requires("database"));
        FakePlugin database = fixture.add("database");
        fixture.start();
        fixture.journal.clear();

        List<PluginStop> stops = fixture.stop();
        List<PluginStop> again = fixture.stop();

        assertThat(fixture.journal)
                .containsExactly(
                        "stop web",
                        "stopped web",
                        "stop orders",
                        "stopped orders",
                        "stop database",
                        "stopped database");
        assertThat(stops)
                .allMatch(PluginStop::isClean)
                .extracting(PluginStop::id)
                .containsExactly("web", "orders", "database");
        assertThat(again).isEmpty();
        assertThat(database.stops).hasValue(1);
    }

    @Test
    void stopsIndependentPluginsInParallel() throws Exception {
        CyclicBarrier allTogether = new CyclicBarrier(3);
        for (String id : List.of("a", "b", "c")) {
            fixture.add(id).onStop(deadline -> {
                var _ = allTogether.await(30, TimeUnit.SECONDS);
            });
        }
        fixture.start();

        assertThat(fixture.stop()).hasSize(3).allMatch(PluginStop::isClean);
    }

    @Test
    void reportsAnAbandonedStartWhoseRunHangs() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        fixture.add("hung").onStart(context -> PluginStartTest.awaitIgnoringInterrupts(release));
        PluginContainer container = fixture.container();
        Registration _ = fixture.notifier.add("a consumer that does not return", event -> {
            if (event instanceof PluginEvent.Abandoned) {
                PluginStartTest.awaitIgnoringInterrupts(release);
            }
        });
        FutureTask<Boolean> start = ContainerFixture.async(() -> {
            container.start(fixture.within(Duration.ofMinutes(5)));
            return true;
        });
        Await.until("it is abandoned", Await.PATIENCE, Duration.ofMillis(5), () -> {
            fixture.time.advance(Duration.ofMillis(500));
            return fixture.observed.contains("hung abandoned in its START");
        });

        List<PluginStop> stops = fixture.stop(Duration.ofMillis(400));
        release.countDown();

        assertThat(stops).singleElement().satisfies(stop -> {
            assertThat(stop.id()).isEqualTo("hung");
            assertThat(stop.operation()).isEqualTo(PluginOperation.START);
            assertThat(stop.state()).isEqualTo(PluginState.ABANDONED);
        });
        assertThatThrownBy(start::get).hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void exceptionInStopIsReportedAndTheOthersStop() throws Exception {
        fixture.add("web", it -> it.requires("orders")).onStop(deadline -> {
            throw new IllegalStateException("cannot");
        });
        fixture.add("orders");
        fixture.start();

        List<PluginStop> stops = fixture.stop();

        assertThat(stops.getFirst().failure()).hasMessage("cannot");
        assertThat(stops.getLast().isClean()).isTrue();
    }

    @Test
    void hungStopIsInterruptedThenAbandonedAndNamed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakePlugin deaf = fixture.add("deaf", it -> it.requires("database"))
                .onStop(deadline -> PluginStartTest.awaitIgnoringInterrupts(release));
        fixture.add("database");
        fixture.start();

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        deaf.stopCalled.await();
        fixture.advanceUntil("deaf abandoned in its STOP");
        List<PluginStop> stops = stop.get(30, TimeUnit.SECONDS);

        assertThat(stops.getFirst().state()).isEqualTo(PluginState.ABANDONED);
        assertThat(stops.getFirst().stack()).anyMatch(line -> line.contains("awaitIgnoringInterrupts"));
        assertThat(stops.getLast().isClean()).isTrue();
        release.countDown();
    }

    @Test
    void stopThatEndsWhenInterruptedIsNotAbandoned() throws Exception {
        FakePlugin slow = fixture.add("slow").onStop(deadline -> new CountDownLatch(1).await());
        fixture.start();

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        slow.stopCalled.await();
        fixture.time.advance(ContainerFixture.STOP);
        List<PluginStop> stops = stop.get(20, TimeUnit.SECONDS);

        assertThat(stops.getFirst().state()).isEqualTo(PluginState.STOPPED);
        assertThat(stops.getFirst().failure()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void chainOfPluginsSharesTheBudgetByTheirTimeouts() throws Exception {
        FakePlugin web = fixture.add("web", it -> it.requires("orders"));
        FakePlugin orders = fixture.add("orders", it -> it.requires("database"));
        FakePlugin database = fixture.add("database");
        FakePlugin lonely = fixture.add("lonely");
        fixture.start();

        List<PluginStop> stops = fixture.stop(Duration.ofSeconds(6));

        assertThat(stops).allMatch(PluginStop::isClean);
        assertThat(remaining(web)).isEqualTo(Duration.ofMillis(1_900));
        assertThat(remaining(orders)).isEqualTo(Duration.ofMillis(2_900));
        assertThat(remaining(database)).isEqualTo(ContainerFixture.STOP);
        assertThat(remaining(lonely)).isEqualTo(ContainerFixture.STOP);
    }

    private static Duration remaining(FakePlugin plugin) {
        return Objects.requireNonNull(plugin.stopDeadline).remaining();
    }

    @Test
    void chainOfHungPluginsStaysInsideTheBudget() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        fixture.add("p0").onStop(deadline -> PluginStartTest.awaitIgnoringInterrupts(never));
        for (int i = 1; i < 5; i++) {
            String below = "p" + (i - 1);
            fixture.add("p" + i, it -> it.requires(below))
                    .onStop(deadline -> PluginStartTest.awaitIgnoringInterrupts(never));
        }
        fixture.start();
        Duration budget = Duration.ofSeconds(10);

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(() -> fixture.stop(budget));
        List<PluginStop> stops = fixture.advanceUntilDone(stop);

        assertThat(stops).hasSize(5).allMatch(it -> it.state() == PluginState.ABANDONED);
        // Not the time that has passed: it moves on while a thread has yet to notice that its own is over.
        assertThat(stops.stream().map(PluginStop::allowed).reduce(Duration.ZERO, Duration::plus))
                .isBetween(budget.dividedBy(2), budget);
        never.countDown();
    }

    @Test
    void everyPluginOfAVeryLongChainGetsTimeToStop() throws Exception {
        FakePlugin last = fixture.add("p0");
        for (int i = 1; i < 1_000; i++) {
            String below = "p" + (i - 1);
            last = fixture.add("p" + i, it -> it.requires(below));
        }
        fixture.start();

        List<PluginStop> stops = fixture.stop(Duration.ofSeconds(27));

        assertThat(stops).hasSize(1_000).allMatch(PluginStop::isClean);
        assertThat(remaining(last)).isBetween(Duration.ofMillis(13), Duration.ofMillis(27));
    }

    @Test
    void ownedResourcesCloseInReverseAfterTheStopEvenIfItThrows() throws Exception {
        fixture.add("owner")
                .onStart(context -> {
                    AutoCloseable _ = context.own(() -> fixture.journal.add("close pool"));
                    AutoCloseable _ = context.own(() -> {
                        fixture.journal.add("close cache");
                        throw new IllegalStateException("cache");
                    });
                })
                .onStop(deadline -> {
                    throw new IllegalStateException("stop");
                });
        fixture.start();

        PluginStop stop = fixture.stop().getFirst();

        assertThat(fixture.journal).endsWith("stop owner", "close cache", "close pool");
        assertThat(stop.failure()).hasMessage("stop");
        assertThat(Objects.requireNonNull(stop.failure()).getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("cache");
    }

    @Test
    void threadsAreInterruptedAndThoseThatStayAreNamed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakePlugin worker = fixture.add("worker").onStart(context -> {
            context.threads()
                    .newThread(() -> {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException expected) {
                            interrupted.countDown();
                        }
                    })
                    .start();
            CountDownLatch running = new CountDownLatch(1);
            context.threads()
                    .newThread(() -> {
                        running.countDown();
                        PluginStartTest.awaitIgnoringInterrupts(release);
                    })
                    .start();
            running.await();
        });
        fixture.start();

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        worker.stopCalled.await();
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        PluginStop report = stop.get(20, TimeUnit.SECONDS).getFirst();

        assertThat(report.state()).isEqualTo(PluginState.STOPPED);
        assertThat(report.threadsLeft()).containsExactly("lynx-worker-2");
        release.countDown();
    }

    @Test
    void contextRefusesWorkAfterTheStop() throws Exception {
        FakePlugin plugin = fixture.add("gone");
        fixture.start();
        var context = Objects.requireNonNull(plugin.context);
        fixture.stop();

        assertThatThrownBy(() -> context.own(() -> fixture.journal.add("closed at once")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("plugin 'gone': cannot own a resource");
        assertThat(fixture.journal).endsWith("closed at once");
        assertThatThrownBy(() -> context.scheduler().after(Duration.ofSeconds(1), () -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> context.threads().newThread(() -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void scheduledTasksAreCancelledAtTheStop() throws Exception {
        fixture.add("timer").onStart(context -> context.scheduler()
                .after(Duration.ofMinutes(1), () -> fixture.journal.add("fired")));
        fixture.start();

        fixture.stop();
        fixture.time.advance(Duration.ofMinutes(2));

        assertThat(fixture.journal).doesNotContain("fired");
        assertThat(fixture.time.pending()).isZero();
    }

    @Test
    void restartStopsDependantsFirstAndStartsThemAgain() throws Exception {
        fixture.add("web", it -> it.requires("orders"));
        fixture.add("orders", it -> it.requires("database"));
        fixture.add("database");
        fixture.add("other");
        fixture.start();
        fixture.journal.clear();

        var _ = fixture.container().restart("orders");

        assertThat(fixture.journal)
                .containsExactly(
                        "stop web",
                        "stopped web",
                        "stop orders",
                        "stopped orders",
                        "start orders",
                        "started orders",
                        "start web",
                        "started web");
        assertThat(fixture.status("orders").restarts()).isEqualTo(1);
        assertThat(fixture.status("database").restarts()).isZero();
    }

    @Test
    void failedRestartLeavesTheDependantsStoppedUntilALaterOneSucceeds() throws Exception {
        CountDownLatch repaired = new CountDownLatch(2);
        fixture.add("web", it -> it.requires("orders"));
        fixture.add("orders").onStart(context -> {
            repaired.countDown();
            if (repaired.getCount() == 0 && fixture.journal.contains("broken")) {
                throw new IllegalStateException("still broken");
            }
        });
        fixture.start();
        fixture.journal.add("broken");

        assertThatThrownBy(() -> fixture.container().restart("orders"))
                .hasMessageContaining(
                        "plugin 'orders': failed to start: java.lang.IllegalStateException: still broken");

        assertThat(fixture.state("orders")).isEqualTo(PluginState.FAILED);
        assertThat(fixture.state("web")).isEqualTo(PluginState.STOPPED);
        fixture.journal.clear();

        var _ = fixture.container().restart("orders");

        assertThat(fixture.state("web")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void restartsNothingOnceTheApplicationStops() throws Exception {
        fixture.add("any");
        fixture.start();
        fixture.stop();

        assertThatThrownBy(() -> fixture.container().restart("any"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the application is stopping");
        assertThatThrownBy(() -> fixture.container().restart("nobody")).isInstanceOf(IllegalArgumentException.class);
    }
}
