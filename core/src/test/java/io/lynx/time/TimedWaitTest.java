package io.lynx.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimedWaitTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SystemScheduler scheduler = new SystemScheduler("timed-wait-test", Runnable::run);
    private final CompletableFuture<Void> never = new CompletableFuture<>();

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static Deadline in(Duration time) {
        return Deadline.after(time, Ticker.system());
    }

    private static <T> FutureTask<T> async(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    @Test
    void leavesNothingOnAFutureThatOutlivesIt() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            assertThat(TimedWait.await(never, in(Duration.ofMillis(1)), scheduler))
                    .isFalse();
        }

        assertThat(never.getNumberOfDependents()).isZero();
    }

    @Test
    void leavesAlmostNothingIfManyWaitAtOnce() throws Exception {
        List<FutureTask<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            waiting.add(async(() -> {
                for (int j = 0; j < 50; j++) {
                    boolean _ = TimedWait.await(never, in(Duration.ofMillis(1)), scheduler);
                }
                return null;
            }));
        }
        for (FutureTask<Void> each : waiting) {
            each.get();
        }

        boolean _ = TimedWait.await(never, in(Duration.ofMillis(1)), scheduler);

        // A clean-up that another one overtakes leaves its entry to the next.
        assertThat(never.getNumberOfDependents()).isLessThan(16);
    }

    @Test
    void leavesNothingIfInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> TimedWait.await(never, in(LONG), scheduler)).isInstanceOf(InterruptedException.class);

        assertThat(never.getNumberOfDependents()).isZero();
    }

    @Test
    void ignoresAnInterruptIfThereIsNothingToWaitFor() throws InterruptedException {
        Thread.currentThread().interrupt();

        boolean isDone = TimedWait.await(CompletableFuture.completedFuture("done"), in(LONG), scheduler);

        assertThat(isDone).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void endsWhenTheFutureCompletesInWhateverWay() throws Exception {
        CompletableFuture<String> normal = new CompletableFuture<>();
        CompletableFuture<String> failed = new CompletableFuture<>();
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        FutureTask<Boolean> first = async(() -> TimedWait.await(normal, in(LONG), scheduler));
        FutureTask<Boolean> second = async(() -> TimedWait.await(failed.minimalCompletionStage(), in(LONG), scheduler));
        FutureTask<Boolean> third = async(() -> TimedWait.await(cancelled, in(LONG), scheduler));

        normal.complete("done");
        failed.completeExceptionally(new IOException("expected"));
        cancelled.cancel(false);

        assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(third.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsOnTheTimeOfItsScheduler() throws Exception {
        ManualTime time = new ManualTime();
        Deadline deadline = Deadline.after(LONG, time);
        FutureTask<Boolean> wait = async(() -> TimedWait.await(never, deadline, time));
        Await.until("it waits", () -> time.pending() == 1);

        time.advance(LONG);

        assertThat(wait.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void endsAtOnceIfTheSchedulerIsClosed() throws InterruptedException {
        Scheduler closed = (_, _) -> {
            throw new RejectedExecutionException("closed");
        };

        assertThat(TimedWait.await(never, in(LONG), closed)).isFalse();
        assertThat(never.getNumberOfDependents()).isZero();
    }

    @Test
    void endsAfterItsDeadlineIfTheSchedulerLosesTheAlarm() throws Exception {
        Scheduler forgetful = (_, _) -> () -> true;
        FutureTask<Boolean> wait = async(() -> TimedWait.await(never, in(Duration.ofMillis(1)), forgetful));

        assertThat(wait.get(30, TimeUnit.SECONDS)).isFalse();
    }
}
