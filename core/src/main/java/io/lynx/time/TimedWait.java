package io.lynx.time;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;

/** Waits that a {@link Scheduler} ends, so that tests end them by advancing manual time. Stateless and thread-safe. */
public final class TimedWait {
    private TimedWait() {}

    /**
     * Waits until {@code done} completes, normally or not, or until {@code deadline} passes on the time of {@code
     * scheduler}. If the scheduler is closed, the wait ends at once.
     *
     * @return whether {@code done} has completed
     * @throws InterruptedException if interrupted while waiting
     */
    public static boolean await(CompletionStage<?> done, Deadline deadline, Scheduler scheduler)
            throws InterruptedException {
        CountDownLatch completed = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        var _ = done.whenComplete((_, _) -> {
            completed.countDown();
            over.countDown();
        });
        if (completed.getCount() == 0) {
            return true;
        }
        Scheduler.Scheduled alarm;
        try {
            alarm = scheduler.after(deadline.remaining(), over::countDown);
        } catch (RejectedExecutionException closed) {
            return false;
        }
        try {
            over.await();
        } finally {
            boolean _ = alarm.cancel();
        }
        return completed.getCount() == 0;
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
