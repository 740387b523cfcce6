package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PluginRestartsTest {
    private static final ResourceKey<String> NAME = ResourceKey.of("name", String.class);

    private final ContainerFixture fixture = new ContainerFixture();

    private void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS))
                .as(fixture.journal::toString)
                .isTrue();
    }

    /** Waits for the end of a restart; the state alone would also be that before its begin. */
    private void awaitRestarts(String id, int count) {
        Await.until(
                "the plugin has restarted",
                () -> fixture.status(id).restarts() >= count && fixture.state(id) == PluginState.RUNNING);
    }

    @Test
    void restartContinuesWhenItsCallerIsInterrupted() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch mayStop = new CountDownLatch(1);
        fixture.add("web", it -> it.requires("orders"));
        fixture.add("orders").onStop(deadline -> {
            stopping.countDown();
            mayStop.await();
        });
        fixture.start();
        FutureTask<List<PluginStop>> restart =
                new FutureTask<>(() -> fixture.container().restart("orders"));
        Thread caller = Thread.ofPlatform().start(restart);
        await(stopping);

        caller.interrupt();
        caller.join();
        mayStop.countDown();

        assertThatThrownBy(restart::get).hasCauseInstanceOf(InterruptedException.class);
        Await.until("the dependant runs", () -> fixture.state("web") == PluginState.RUNNING);
        assertThat(fixture.status("orders").restarts()).isEqualTo(1);
        assertThat(fixture.journal).endsWith("started orders", "start web", "started web");
    }

    @Test
    void pluginCanRestartItselfFromItsOwnThread() throws Exception {
        FakePlugin orders = fixture.add("orders");
        fixture.start();

        Thread own = Objects.requireNonNull(orders.context).threads().newThread(() -> {
            try {
                var _ = fixture.container().restart("orders");
            } catch (Exception refused) {
                fixture.journal.add("refused " + refused);
            }
        });
        own.start();
        own.join();

        awaitRestarts("orders", 1);
        assertThat(fixture.status("orders").restarts()).isEqualTo(1);
        assertThat(fixture.journal).noneMatch(line -> line.startsWith("refused"));
    }

    @Test
    void pluginCanRestartItselfFromItsScheduler() throws Exception {
        fixture.add("orders").onStart(context -> context.scheduler().after(Duration.ofSeconds(1), () -> {
            try {
                var _ = fixture.container().restart("orders");
            } catch (Exception refused) {
                fixture.journal.add("refused " + refused);
            }
        }));
        fixture.start();

        fixture.time.advance(Duration.ofSeconds(1));

        awaitRestarts("orders", 1);
        assertThat(fixture.journal).noneMatch(line -> line.startsWith("refused"));
    }

    @Test
    void shutdownDuringARestartWaitsForItKeepsTheOrderAndReportsIt() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch mayStop = new CountDownLatch(1);
        fixture.add("orders", it -> it.requires("database")).onStop(deadline -> {
            stopping.countDown();
            mayStop.await();
        });
        FakePlugin database = fixture.add("database");
        fixture.start();
        FutureTask<List<PluginStop>> restart =
                ContainerFixture.async(() -> fixture.container().restart("orders"));
        await(stopping);

        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));
        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        assertThat(database.stops).hasValue(0);
        mayStop.countDown();
        List<PluginStop> stops = stop.get(30, TimeUnit.SECONDS);

        assertThat(stops).extracting(PluginStop::id).containsExactly("orders", "database");
        assertThat(stops).allMatch(PluginStop::isClean);
        assertThat(fixture.journal).endsWith("stopped orders", "stop database", "stopped database");
        assertThatThrownBy(restart::get).hasMessageContaining("cancelled");
    }

    /** Waits until the stop in progress has less time than before, while the time stands still. */
    private void awaitHurried() {
        Await.until("the stop has less time", () -> fixture.container().inProgress().stream()
                .anyMatch(stop -> stop.allowed().compareTo(ContainerFixture.STOP) < 0));
    }

    @Test
    void shutdownHurriesAStopOfARestartThatHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FakePlugin orders = fixture.add("orders", it -> it.requires("database"))
                .onStop(deadline -> PluginStartTest.awaitIgnoringInterrupts(never));
        fixture.add("database");
        fixture.start();
        FutureTask<List<PluginStop>> restart =
                ContainerFixture.async(() -> fixture.container().restart("orders"));
        await(orders.stopCalled);

        FutureTask<List<PluginStop>> stop = ContainerFixture.async(() -> fixture.stop(Duration.ofSeconds(8)));
        awaitHurried();
        fixture.advanceUntil("orders abandoned in its STOP");
        List<PluginStop> stops = stop.get(30, TimeUnit.SECONDS);

        assertThat(stops).extracting(PluginStop::id).containsExactly("orders", "database");
        assertThat(stops.getFirst().state()).isEqualTo(PluginState.ABANDONED);
        assertThat(stops.getFirst().stack()).anyMatch(line -> line.contains("awaitIgnoringInterrupts"));
        assertThat(stops.getLast().isClean()).isTrue();
        assertThat(stops.getFirst().allowed()).isLessThan(ContainerFixture.STOP);
        assertThatThrownBy(restart::get).hasMessageContaining("cancelled");
        never.countDown();
    }

    @Test
    void lateResultOfAnAbandonedStartDoesNotTouchTheLiveInstance() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        FakePlugin cache = fixture.add("cache", it -> it.optional()).onStart(context -> {
            if (first.getAndSet(false)) {
                PluginStartTest.awaitIgnoringInterrupts(release);
                returned.countDown();
            } else {
                context.share(NAME, "live");
            }
        });
        FakePlugin reader = fixture.add("reader");
        var _ = fixture.advanceUntilDone(ContainerFixture.async(() -> {
            fixture.start();
            return true;
        }));
        assertThat(fixture.state("cache")).isEqualTo(PluginState.ABANDONED);
        var _ = fixture.container().restart("cache");

        release.countDown();
        await(returned);
        Await.until("the late result is reported", () -> fixture.observed.contains("cache late result of its START"));

        assertThat(fixture.state("cache")).isEqualTo(PluginState.RUNNING);
        assertThat(cache.stops).hasValue(0);
        assertThat(Objects.requireNonNull(reader.context).resource(NAME)).isEqualTo("live");
    }

    @Test
    void lateResultOfAnAbandonedStopDoesNotTouchTheLiveInstance() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        FakePlugin cache = fixture.add("cache")
                .onStart(context -> {
                    String value = "value " + attempts.incrementAndGet();
                    context.share(NAME, value);
                    AutoCloseable _ = context.own(() -> fixture.journal.add("close " + value));
                })
                .onStop(deadline -> {
                    if (attempts.get() == 1) {
                        PluginStartTest.awaitIgnoringInterrupts(release);
                    }
                });
        FakePlugin reader = fixture.add("reader");
        fixture.start();
        var _ = fixture.advanceUntilDone(
                ContainerFixture.async(() -> fixture.container().restart("cache")));

        release.countDown();
        Await.until("the late result is reported", () -> fixture.observed.contains("cache late result of its STOP"));

        assertThat(fixture.state("cache")).isEqualTo(PluginState.RUNNING);
        assertThat(cache.stops).hasValue(1);
        assertThat(fixture.journal).contains("close value 1").doesNotContain("close value 2");
        assertThat(Objects.requireNonNull(reader.context).resource(NAME)).isEqualTo("value 2");
        List<PluginStop> stops = fixture.stop();
        assertThat(stops.getFirst().state()).isEqualTo(PluginState.ABANDONED);
        assertThat(stops.stream().filter(stop -> stop.id().equals("cache"))).hasSize(2);
    }

    @Test
    void startThatWasAbandonedInACancelledStartIsReported() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FakePlugin deaf = fixture.add("deaf").onStart(context -> PluginStartTest.awaitIgnoringInterrupts(never));
        FutureTask<Boolean> start = ContainerFixture.async(() -> {
            assertThatThrownBy(fixture::start).hasMessageContaining("cancelled");
            return true;
        });
        await(deaf.startCalled);

        List<PluginStop> stops = fixture.advanceUntilDone(ContainerFixture.async(fixture::stop));

        var _ = start.get(20, TimeUnit.SECONDS);
        assertThat(stops).singleElement().satisfies(stop -> {
            assertThat(stop.id()).isEqualTo("deaf");
            assertThat(stop.operation()).isEqualTo(PluginOperation.START);
            assertThat(stop.state()).isEqualTo(PluginState.ABANDONED);
            assertThat(stop.stack()).anyMatch(line -> line.contains("awaitIgnoringInterrupts"));
        });
        never.countDown();
    }

    @Test
    void restartOfAnOptionalPluginThatDoesNotStartAgainFails() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        fixture.add("cache", it -> it.optional()).onStart(context -> {
            if (broken.get()) {
                throw new IllegalStateException("no memory");
            }
        });
        fixture.start();
        broken.set(true);

        assertThatThrownBy(() -> fixture.container().restart("cache"))
                .isInstanceOf(PluginStartException.class)
                .hasMessage("plugin 'cache': is failed after its restart: java.lang.IllegalStateException: no memory");

        broken.set(false);
        var _ = fixture.container().restart("cache");
        assertThat(fixture.state("cache")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void secondRequestJoinsTheRestartThatWaits() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch mayStop = new CountDownLatch(1);
        fixture.add("slow").onStop(deadline -> {
            stopping.countDown();
            mayStop.await();
        });
        FakePlugin other = fixture.add("other");
        fixture.start();
        FutureTask<List<PluginStop>> first =
                ContainerFixture.async(() -> fixture.container().restart("slow"));
        await(stopping);
        List<FutureTask<List<PluginStop>>> waiting = List.of(
                ContainerFixture.async(() -> fixture.container().restart("other")),
                ContainerFixture.async(() -> fixture.container().restart("other")),
                ContainerFixture.async(() -> fixture.container().restart("other")));
        Await.until("the other restart begins", () -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("lynx-restart-other")));

        mayStop.countDown();
        assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(1);
        for (FutureTask<List<PluginStop>> task : waiting) {
            assertThat(task.get(20, TimeUnit.SECONDS)).hasSize(1);
        }

        assertThat(other.starts.get()).isBetween(2, 4);
    }

    @Test
    void threadThatAnEarlierStartHasLeftBehindDoesNotFailTheLiveInstance() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<@Nullable Thread> leftBehind = new AtomicReference<>();
        fixture.add("worker").onStart(context -> {
            if (leftBehind.get() == null) {
                Thread deaf = context.threads().newThread(() -> {
                    PluginStartTest.awaitIgnoringInterrupts(release);
                    throw new IllegalStateException("released");
                });
                leftBehind.set(deaf);
                deaf.start();
            }
        });
        fixture.start();
        List<PluginStop> stops = fixture.advanceUntilDone(
                ContainerFixture.async(() -> fixture.container().restart("worker")));
        assertThat(stops).singleElement().satisfies(stop -> assertThat(stop.threadsLeft())
                .containsExactly("lynx-worker-1"));

        release.countDown();
        Objects.requireNonNull(leftBehind.get()).join();

        assertThat(fixture.status("worker").state()).isEqualTo(PluginState.RUNNING);
        assertThat(fixture.status("worker").failure()).isNull();
        assertThat(fixture.observed).noneMatch(event -> event.contains("died"));
    }

    @Test
    void threadThatThrowsAtTheInterruptOfAStopIsNotReportedAsDead() throws Exception {
        AtomicReference<@Nullable Thread> interrupted = new AtomicReference<>();
        fixture.add("worker").onStart(context -> {
            Thread waiting = context.threads().newThread(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
            });
            boolean _ = interrupted.compareAndSet(null, waiting);
            waiting.start();
        });
        fixture.start();

        var _ = fixture.container().restart("worker");
        Objects.requireNonNull(interrupted.get()).join();

        assertThat(fixture.state("worker")).isEqualTo(PluginState.RUNNING);
        assertThat(fixture.observed).noneMatch(event -> event.contains("died"));
    }

    @Test
    void workIsFinishedBeforeTheStop() throws Exception {
        fixture.add("orders").onStart(context -> {
            var _ = context.own(new FakeWork(fixture.journal));
        });
        fixture.start();
        fixture.journal.clear();

        var _ = fixture.container().restart("orders");

        assertThat(fixture.journal)
                .containsExactly(
                        "finish work", "stop orders", "stopped orders", "close work", "start orders", "started orders");
    }
}
