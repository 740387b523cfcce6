package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The time passes inside the calls, so that their thread is interrupted as by a timer. */
class TimeLimiterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final TimeLimiter limiter = TimeLimiter.of(SECOND, time, time).interruptOnTimeout();

    private static String hang() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    @Test
    void returnsAResultThatComesInTime() throws Exception {
        String result = limiter.call(() -> {
            time.advance(Duration.ofMillis(999));
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(time.pending()).isZero();
    }

    @Test
    void interruptsACallThatExceedsItsTimeout() {
        assertThatThrownBy(() -> limiter.call(() -> {
                    time.advance(SECOND);
                    return hang();
                }))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("call: exceeded 1000ms (attempt timeout)")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void leavesNoInterruptBehindIfTheCallIgnoredIt() {
        assertThatThrownBy(() -> limiter.call(() -> {
                    time.advance(SECOND);
                    return "late";
                }))
                .isInstanceOf(CallTimeoutException.class)
                .hasNoCause();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void doesNotInterruptTheThreadAfterTheCall() throws Exception {
        limiter.call(() -> "done");

        time.advance(Duration.ofHours(1));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void closesAValueThatComesTooLate() {
        AtomicInteger closed = new AtomicInteger();
        AutoCloseable connection = closed::incrementAndGet;

        assertThatThrownBy(() -> limiter.call(() -> {
                    time.advance(SECOND);
                    return connection;
                }))
                .isInstanceOf(CallTimeoutException.class);

        assertThat(closed).hasValue(1);
    }

    @Test
    void keepsWhatAnInterruptedCallThrewAsTheCause() {
        IOException broken = new IOException("stream closed");

        assertThatThrownBy(() -> limiter.call(() -> {
                    time.advance(SECOND);
                    throw broken;
                }))
                .isInstanceOf(CallTimeoutException.class)
                .hasCause(broken);
    }

    @Test
    void anInterruptFromOutsideIsPassedOn() {
        assertThatThrownBy(() -> limiter.call(() -> {
                    Thread.currentThread().interrupt();
                    return hang();
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void aThreadThatIsInterruptedMakesNoCall() {
        AtomicInteger calls = new AtomicInteger();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> limiter.call(calls::incrementAndGet)).isInstanceOf(InterruptedException.class);

        assertThat(calls).hasValue(0);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInnerLimiterDoesNotSwallowTheInterruptOfAnOuterOne() {
        TimeLimiter outer = TimeLimiter.of(Duration.ofSeconds(2), time, time);

        assertThatThrownBy(() -> outer.call(() -> {
                    assertThatThrownBy(() -> limiter.call(() -> {
                                time.advance(Duration.ofSeconds(2));
                                return hang();
                            }))
                            .isInstanceOfSatisfying(CallTimeoutException.class, e -> assertThat(e.timeout())
                                    .isEqualTo(SECOND));
                    return hang();
                }))
                .isInstanceOfSatisfying(
                        CallTimeoutException.class, e -> assertThat(e.timeout()).isEqualTo(Duration.ofSeconds(2)));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anOuterLimiterInterruptsThroughAnInnerOneThatHasTime() {
        TimeLimiter outer = TimeLimiter.of(SECOND, time, time).interruptOnTimeout();
        TimeLimiter inner = TimeLimiter.of(Duration.ofSeconds(10), time, time);

        assertThatThrownBy(() -> outer.call(() -> inner.call(() -> {
                    time.advance(SECOND);
                    return hang();
                })))
                .isInstanceOfSatisfying(
                        CallTimeoutException.class, e -> assertThat(e.timeout()).isEqualTo(SECOND));
    }

    @Test
    void theTimeOfAnOuterLimiterIsOverAlsoIfAnInnerOneNoticesFirst() {
        TimeLimiter outer = TimeLimiter.of(SECOND, time, time);
        TimeLimiter inner = TimeLimiter.of(Duration.ofSeconds(10), (_, task) -> time.after(SECOND, task), time);

        assertThatThrownBy(() -> outer.interruptOnTimeout()
                        .call(() -> inner.call(() -> {
                            time.advance(SECOND);
                            return hang();
                        })))
                .hasMessage("call: exceeded 1000ms (attempt timeout)");
        assertThatThrownBy(() -> outer.call(() -> inner.interruptOnTimeout().call(() -> {
                    time.advance(SECOND);
                    return hang();
                })))
                .hasMessage("call: exceeded 1000ms (attempt timeout)");
    }

    @Test
    void aTimerThatFiresAsTheCallEndsLeavesNoInterrupt() throws Exception {
        int calls = 20_000;
        int timedOut = 0;
        try (ExecutorService timer = Executors.newSingleThreadExecutor()) {
            Scheduler immediate = (_, task) -> {
                timer.execute(task);
                return () -> false;
            };
            TimeLimiter racing = TimeLimiter.of(SECOND, immediate);
            for (int i = 0; i < calls; i++) {
                try {
                    assertThat(racing.call(() -> "done")).isEqualTo("done");
                } catch (CallTimeoutException e) {
                    timedOut++;
                }
                assertThat(Thread.interrupted()).as("call %d", i).isFalse();
            }
        }

        assertThat(timedOut).isBetween(0, calls);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void stopsWaitingWithoutInterruptingTheCall() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
        AtomicInteger closed = new AtomicInteger();

        assertThatThrownBy(() -> TimeLimiter.of(SECOND, time, time).call(() -> {
                    time.advance(SECOND);
                    try {
                        release.await();
                        wasInterrupted.complete(false);
                    } catch (InterruptedException e) {
                        wasInterrupted.complete(true);
                    }
                    return (AutoCloseable) closed::incrementAndGet;
                }))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("call: exceeded 1000ms (attempt timeout)")
                .cause()
                .hasMessage("the call was still running here");

        release.countDown();
        assertThat(wasInterrupted.get(30, TimeUnit.SECONDS)).isFalse();
        Await.asserted("the late value is closed", () -> assertThat(closed).hasValue(1));
    }

    @Test
    void passesOnTheResultOfACallOnItsOwnThread() throws Exception {
        TimeLimiter detached = TimeLimiter.of(SECOND, time, time);
        IOException broken = new IOException("broken");

        assertThat(detached.call(() -> Thread.currentThread().isVirtual())).isTrue();
        assertThatThrownBy(() -> detached.call(() -> {
                    throw broken;
                }))
                .isSameAs(broken);
        assertThatThrownBy(() -> detached.call(() -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(time.pending()).isZero();
    }

    @Test
    void passesAnInterruptOfTheCallerOnToTheCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        FutureTask<String> caller =
                new FutureTask<>(() -> TimeLimiter.of(SECOND, time, time).call(() -> {
                    begun.countDown();
                    try {
                        return hang();
                    } catch (InterruptedException e) {
                        interrupted.complete("interrupted");
                        throw e;
                    }
                }));
        Thread thread = Thread.ofVirtual().start(caller);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThatThrownBy(() -> caller.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void closesTheResultOfACallWhoseCallerWasInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Semaphore release = new Semaphore(0);
        AtomicInteger closed = new AtomicInteger();
        FutureTask<AutoCloseable> caller =
                new FutureTask<>(() -> TimeLimiter.of(SECOND, time, time).call(() -> {
                    begun.countDown();
                    release.acquireUninterruptibly();
                    return closed::incrementAndGet;
                }));
        Thread thread = Thread.ofVirtual().start(caller);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();
        assertThatThrownBy(() -> caller.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        release.release();

        Await.asserted("the late value is closed", () -> assertThat(closed).hasValue(1));
    }

    @Test
    void anAsynchronousCallFailsInTimeAndIsCancelledOnlyOnRequest() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        CompletableFuture<String> called =
                TimeLimiter.of(SECOND, time, time).callAsync(() -> pending).toCompletableFuture();
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        CompletableFuture<String> interrupting =
                limiter.callAsync(() -> cancelled).toCompletableFuture();

        time.advance(SECOND);

        assertThat(called.exceptionNow()).isInstanceOf(CallTimeoutException.class);
        assertThat(interrupting.exceptionNow()).isInstanceOf(CallTimeoutException.class);
        assertThat(pending).isNotDone();
        assertThat(cancelled).isCancelled();
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> TimeLimiter.of(Duration.ZERO, time, time))
                .hasMessage("time_limiter.timeout: PT0S; allowed is PT0.001S to PT24H");
    }
}
