package io.lynx.time;

import java.time.Duration;

/**
 * Runs tasks after a delay. No task runs on the timer's own thread, so a slow task does not delay the others.
 * Implementations are thread-safe.
 */
public interface Scheduler {
    /**
     * Runs {@code task} once, after {@code delay}.
     *
     * @param delay if negative, it counts as zero
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    Scheduled after(Duration delay, Runnable task);

    /** A task that is waiting to run. */
    interface Scheduled {
        /**
         * Prevents the task from starting. A task that has started runs on.
         *
         * @return whether the task will not start; false if it had started
         */
        boolean cancel();
    }
}
