package io.lynx.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemSchedulerTest {
    private static final Duration SOON = Duration.ofMillis(1);

    private final CountDownLatch ran = new CountDownLatch(1);

    private void assertRuns() throws InterruptedException {
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsADueTaskLaterIfNoThreadCanBeStartedForIt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Executor exhausted = task -> {
            if (attempts.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        try (SystemScheduler scheduler = new SystemScheduler("test-timer", exhausted)) {
            Scheduler.Scheduled _ = scheduler.after(SOON, ran::countDown);

            assertRuns();
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    void passesWhatATaskThrowsOnItsThreadToTheHandlerOfUncaughtExceptionsOnce() throws Exception {
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        try (SystemScheduler scheduler = new SystemScheduler("test-timer", Runnable::run)) {
            Scheduler.Scheduled _ = scheduler.after(SOON, () -> {
                Thread.currentThread().setUncaughtExceptionHandler((_, failure) -> uncaught.complete(failure));
                runs.incrementAndGet();
                throw new NoClassDefFoundError("gone");
            });

            assertThat(uncaught.get(20, TimeUnit.SECONDS)).isInstanceOf(NoClassDefFoundError.class);
            Scheduler.Scheduled _ = scheduler.after(SOON, ran::countDown);
            assertRuns();
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void aCancelledTaskDoesNotRun() throws Exception {
        try (SystemScheduler scheduler = new SystemScheduler("test-timer", Runnable::run)) {
            AtomicInteger runs = new AtomicInteger();
            Scheduler.Scheduled cancelled = scheduler.after(Duration.ofHours(1), runs::incrementAndGet);

            assertThat(cancelled.cancel()).isTrue();
            Scheduler.Scheduled _ = scheduler.after(SOON, ran::countDown);
            assertRuns();
            assertThat(runs).hasValue(0);
        }
    }
}
