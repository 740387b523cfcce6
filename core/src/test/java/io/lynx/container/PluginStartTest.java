package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.lynx.extension.ResourceKey;
import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PluginStartTest {
    private final ContainerFixture fixture = new ContainerFixture();

    private FutureTask<PluginStartException> failingStart() {
        return ContainerFixture.async(() -> catchThrowableOfType(PluginStartException.class, fixture::start));
    }

    @Test
    void startsDependenciesFirst() throws Exception {
        fixture.add("web", it -> it.requires("orders"));
        fixture.add("orders", it -> it.requires("database"));
        fixture.add("database");

        fixture.start();

        assertThat(fixture.journal)
                .containsExactly(
                        "start database",
                        "started database",
                        "start orders",
                        "started orders",
                        "start web",
                        "started web");
        assertThat(fixture.state("web")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void threadThatDiesBeforeTheStartIsOverFailsThePlugin() throws Exception {
        fixture.add("orders").onStart(context -> {
            Thread worker = context.threads().newThread(() -> {
                throw new IllegalStateException("broke early");
            });
            worker.start();
            worker.join();
        });

        fixture.start();

        assertThat(fixture.state("orders")).isEqualTo(PluginState.FAILED);
        assertThat(fixture.status("orders").failure()).hasMessage("broke early");
        assertThat(fixture.observed).containsSubsequence("orders STARTING → RUNNING", "orders RUNNING → FAILED");
    }

    @Test
    void noPluginHasABreakerBeforeItUsesIt() throws Exception {
        fixture.add("orders")
                .onStart(context -> assertThat(context.breakers().all()).isEmpty());

        fixture.start();

        assertThat(fixture.state("orders")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void startsIndependentPluginsInParallel() throws Exception {
        CyclicBarrier allTogether = new CyclicBarrier(3);
        for (String id : List.of("a", "b", "c")) {
            fixture.add(id).onStart(context -> {
                try {
                    var _ = allTogether.await(30, TimeUnit.SECONDS);
                } catch (BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        fixture.start();

        assertThat(fixture.container().statuses()).allMatch(status -> status.state() == PluginState.RUNNING);
    }

    @Test
    void failureOfRequiredPluginInterruptsPeersAndIsTheOneReported() throws Exception {
        FakePlugin slow = fixture.add("slow").onStart(context -> new CountDownLatch(1).await());
        fixture.add("broken").onStart(context -> {
            slow.startCalled.await();
            throw new IllegalStateException("no route to database");
        });
        fixture.add("never", it -> it.requires("broken"));

        PluginStartException failure = failingStart().get();

        assertThat(failure)
                .hasMessage("plugin 'broken': failed to start: java.lang.IllegalStateException: no route to database");
        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.FAILED);
        assertThat(fixture.journal).doesNotContain("start never").contains("stop slow", "stop broken");
        assertThat(fixture.state("never")).isEqualTo(PluginState.NEW);
    }

    @Test
    void failingPluginIsCleanedUpAndItsCleanUpFailuresAreSuppressed() throws Exception {
        AutoCloseable stubborn = () -> {
            throw new IllegalStateException("will not close");
        };
        FakePlugin broken = fixture.add("broken")
                .onStart(context -> {
                    AutoCloseable _ = context.own(stubborn);
                    throw new IllegalArgumentException("bad pool");
                })
                .onStop(deadline -> {
                    throw new IllegalStateException("cannot stop");
                });

        PluginStartException failure = failingStart().get();

        assertThat(Objects.requireNonNull(failure.getCause()).getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("cannot stop", "will not close");
        assertThat(broken.stops).hasValue(1);
        assertThat(fixture.stop()).isEmpty();
        assertThat(broken.stops).hasValue(1);
    }

    @Test
    void pluginsThatOnlyUseAFailedOptionalPluginStart() throws Exception {
        fixture.add("cache", it -> it.optional()).onStart(context -> {
            throw new IllegalStateException("no memory to spare");
        });
        fixture.add("search", it -> it.optional().requires("cache"));
        fixture.add("orders", it -> it.uses("cache"));

        fixture.start();

        assertThat(fixture.state("cache")).isEqualTo(PluginState.FAILED);
        assertThat(fixture.state("search")).isEqualTo(PluginState.FAILED);
        assertThat(fixture.status("search").failure()).hasMessage("requires 'cache', which is not running");
        assertThat(fixture.state("orders")).isEqualTo(PluginState.RUNNING);
        assertThat(fixture.journal).doesNotContain("start search");
    }

    @Test
    void requiredPluginCannotStartWithoutTheOptionalOneItRequires() throws Exception {
        fixture.add("cache", it -> it.optional()).onStart(context -> {
            throw new IllegalStateException("no memory to spare");
        });
        fixture.add("orders", it -> it.requires("cache"));

        PluginStartException failure = failingStart().get();

        assertThat(failure).hasMessage("plugin 'orders': requires 'cache', which is not running");
        assertThat(failure).hasRootCauseMessage("no memory to spare");
    }

    @Test
    void hangingStartIsNamedTwiceThenInterruptedThenAbandoned() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakePlugin deaf = fixture.add("deaf").onStart(context -> awaitIgnoringInterrupts(release));

        FutureTask<PluginStartException> start = failingStart();
        deaf.startCalled.await();
        PluginStartException failure = fixture.advanceUntilDone(start);

        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.TIMED_OUT);
        assertThat(failure)
                .hasMessageContaining("plugin 'deaf': not started after 30")
                .hasMessageContaining("at ");
        assertThat(fixture.state("deaf")).isEqualTo(PluginState.ABANDONED);
        assertThat(fixture.observed.stream().filter(line -> line.startsWith("deaf slow")))
                .hasSize(2);

        release.countDown();

        assertThat(deaf.stopCalled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(deaf.stops).hasValue(1);
        assertThat(fixture.state("deaf")).isEqualTo(PluginState.ABANDONED);
    }

    @Test
    void abandonedStartCannotOpenAnythingThatStaysOpen() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FakePlugin deaf = fixture.add("deaf").onStart(context -> {
            awaitIgnoringInterrupts(release);
            AutoCloseable _ = context.own(closed::countDown);
        });
        FutureTask<PluginStartException> start = failingStart();
        deaf.startCalled.await();
        PluginStartException _ = fixture.advanceUntilDone(start);

        release.countDown();

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void deadlineOfTheStartNamesThePluginsThatAreLate() throws Exception {
        FakePlugin slow = fixture.add("slow").onStart(context -> new CountDownLatch(1).await());
        FutureTask<PluginStartException> start = ContainerFixture.async(() -> catchThrowableOfType(
                PluginStartException.class, () -> fixture.container().start(fixture.within(Duration.ofSeconds(10)))));
        slow.startCalled.await();

        fixture.time.advance(Duration.ofSeconds(10));
        PluginStartException failure = start.get(20, TimeUnit.SECONDS);

        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.TIMED_OUT);
        assertThat(failure).hasMessageContaining("the start exceeded lynx.startup.timeout; still starting: slow at ");
        assertThat(fixture.state("slow")).isEqualTo(PluginState.STOPPED);
    }

    @Test
    void cancellationInterruptsAndLaunchesNothingMore() throws Exception {
        FakePlugin slow = fixture.add("slow").onStart(context -> new CountDownLatch(1).await());
        fixture.add("next", it -> it.requires("slow"));
        FutureTask<PluginStartException> start = failingStart();
        slow.startCalled.await();

        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));

        assertThat(start.get(30, TimeUnit.SECONDS).reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.journal).containsExactly("start slow", "stop slow", "stopped slow");
    }

    @Test
    void shutdownWaitsForAStartThatCannotBeInterrupted() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakePlugin loading =
                fixture.add("loading").onStart(context -> awaitIgnoringInterrupts(loaded, interrupted::countDown));
        FutureTask<PluginStartException> start = failingStart();
        loading.startCalled.await();

        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        fixture.time.advance(Duration.ofMillis(18_700));
        loaded.countDown();

        assertThat(start.get(20, TimeUnit.SECONDS).reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.advanceUntilDone(ContainerFixture.async(() -> fixture.stop())))
                .extracting(PluginStop::id, PluginStop::state)
                .containsExactly(tuple("loading", PluginState.STOPPED));
        assertThat(fixture.journal)
                .containsExactly("start loading", "started loading", "stop loading", "stopped loading");
    }

    @Test
    void shutdownKeepsAQuarterOfItsTimeForThePluginsThatAreUp() throws Exception {
        fixture.add("up");
        FakePlugin deaf = fixture.add("deaf", it -> it.requires("up"));

        assertAbandonedAfter(Duration.ofSeconds(15), deaf);
    }

    @Test
    void shutdownAbandonsAStartThatStillRunsAtTheEndOfItsTime() throws Exception {
        assertAbandonedAfter(Duration.ofMillis(18_750), fixture.add("deaf"));
    }

    private void assertAbandonedAfter(Duration time, FakePlugin deaf) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakePlugin _ = deaf.onStart(context -> awaitIgnoringInterrupts(release, interrupted::countDown));
        FutureTask<PluginStartException> start = failingStart();
        deaf.startCalled.await();

        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        fixture.time.advance(time.minusMillis(50));
        assertThat(fixture.state("deaf")).isEqualTo(PluginState.STARTING);
        fixture.time.advance(Duration.ofMillis(100));

        assertThat(start.get(20, TimeUnit.SECONDS).reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.state("deaf")).isEqualTo(PluginState.ABANDONED);
        release.countDown();
    }

    @Test
    void failureOfAnotherPluginWaitsForAStartThatCannotBeInterrupted() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakePlugin loading =
                fixture.add("loading").onStart(context -> awaitIgnoringInterrupts(loaded, interrupted::countDown));
        fixture.add("broken").onStart(context -> {
            loading.startCalled.await();
            throw new IllegalStateException("broken");
        });
        FutureTask<PluginStartException> start = failingStart();
        loading.startCalled.await();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        fixture.time.advance(ContainerFixture.STOP.minusMillis(100));
        loaded.countDown();

        assertThat(start.get(20, TimeUnit.SECONDS).reason()).isEqualTo(PluginStartException.Reason.FAILED);
        assertThat(fixture.state("loading")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void cancellationBeforeTheStartLaunchesNothing() {
        fixture.add("any");
        fixture.container().cancelStart(fixture.within(Duration.ofSeconds(20)));

        PluginStartException failure = catchThrowableOfType(PluginStartException.class, fixture::start);

        assertThat(failure.reason()).isEqualTo(PluginStartException.Reason.CANCELLED);
        assertThat(fixture.journal).isEmpty();
    }

    @Test
    void interruptionOfTheCallerCancelsAndIsKept() throws Exception {
        FakePlugin slow = fixture.add("slow").onStart(context -> new CountDownLatch(1).await());
        FutureTask<Boolean> start = new FutureTask<>(() -> {
            assertThatThrownBy(fixture::start).isInstanceOf(PluginStartException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = Thread.ofPlatform().start(start);
        slow.startCalled.await();

        caller.interrupt();

        assertThat(start.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void virtualMachineErrorInStartIsReportedAtOnce() throws Exception {
        fixture.add("broken").onStart(context -> {
            throw new OutOfMemoryError("heap");
        });

        PluginStartException _ = failingStart().get();

        assertThat(fixture.observed).contains("fatal OutOfMemoryError");
    }

    @Test
    void sharedResourcesHaveOneOwnerAndOneType() throws Exception {
        ResourceKey<String> name = ResourceKey.of("name", String.class);
        fixture.add("a").onStart(context -> context.share(name, "one"));
        fixture.add("b", it -> it.requires("a").optional()).onStart(context -> context.share(name, "two"));
        fixture.add("c", it -> it.requires("a").optional())
                .onStart(context -> context.resource(ResourceKey.of("name", Integer.class)));
        fixture.add("d", it -> it.optional())
                .onStart(context -> context.resource(ResourceKey.of("gone", Integer.class)));
        fixture.add("e", it -> it.requires("a"))
                .onStart(context -> assertThat(context.resource(name)).isEqualTo("one"));

        fixture.start();

        assertThat(fixture.status("b").failure())
                .hasMessage(
                        "shared resource 'name': offered by plugin 'b' but owned by plugin 'a'; a name has one owner");
        assertThat(fixture.status("c").failure())
                .hasMessage(
                        "shared resource 'name': requested as java.lang.Integer by plugin 'c' but plugin 'a' shares a"
                                + " java.lang.String");
        assertThat(fixture.status("d").failure()).hasMessageContaining("no running plugin shares it");
        assertThat(fixture.state("e")).isEqualTo(PluginState.RUNNING);
    }

    @Test
    void uncaughtExceptionOfAThreadFailsThePlugin() throws Exception {
        FakePlugin worker = fixture.add("worker");
        fixture.start();

        Thread thread = Objects.requireNonNull(worker.context).threads().newThread(() -> {
            throw new IllegalStateException("lost");
        });
        thread.start();
        thread.join();

        assertThat(fixture.state("worker")).isEqualTo(PluginState.FAILED);
        assertThat(fixture.observed).contains("worker lynx-worker-1 died of lost");
    }

    static void awaitIgnoringInterrupts(CountDownLatch latch) {
        awaitIgnoringInterrupts(latch, () -> {});
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch, Runnable onInterrupt) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                onInterrupt.run();
            }
        }
    }
}
