package io.lynx.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits that a {@link Scheduler} ends, so that tests end them by advancing manual time. Stateless and thread-safe. */
public final class TimedWait {
    /** How long after its deadline a wait ends whose alarm does not come, for example since its scheduler was closed meanwhile. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private TimedWait() {}

    /**
     * Waits until {@code done} completes, normally or not, or until {@code deadline} passes on the time of {@code
     * scheduler}. If the scheduler is closed, the wait ends at once; if it is closed during the wait, soon after the
     * deadline. A {@link CompletableFuture} may outlive any number of waits, which leave no dependents on it; on another
     * stage, each wait whose time is over leaves one.
     *
     * @return whether {@code done} has completed
     * @throws InterruptedException if interrupted while waiting
     */
    public static boolean await(CompletionStage<?> done, Deadline deadline, Scheduler scheduler)
            throws InterruptedException {
        CompletableFuture<?> awaited = done.toCompletableFuture();
        if (awaited.isDone()) {
            return true;
        }
        CompletableFuture<@Nullable Void> timeIsOver = new CompletableFuture<>();
        Scheduler.Scheduled alarm;
        try {
            alarm = scheduler.after(deadline.remaining(), () -> timeIsOver.complete(null));
        } catch (RejectedExecutionException closed) {
            return false;
        }
        try {
            awaitEither(awaited, timeIsOver, deadline);
        } finally {
            boolean _ = alarm.cancel();
            // Removes what anyOf has added to the awaited future.
            boolean _ = timeIsOver.complete(null);
        }
        return awaited.isDone();
    }

    private static void awaitEither(CompletableFuture<?> awaited, CompletableFuture<?> timeIsOver, Deadline deadline)
            throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        var _ = CompletableFuture.anyOf(awaited, timeIsOver).whenComplete((_, _) -> over.countDown());
        boolean isOver = false;
        while (!isOver) {
            // Manual time may stand still meanwhile; only the deadline tells whether the alarm is late.
            isOver = over.await(deadline.remainingNanos() + PATIENCE_NANOS, TimeUnit.NANOSECONDS)
                    || deadline.isExpired();
        }
    }

    /** Waits like {@link #await} through interruptions, and restores the interrupt flag at the end. */
    public static boolean awaitUninterruptibly(CompletionStage<?> done, Deadline deadline, Scheduler scheduler) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return await(done, deadline, scheduler);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
