package io.lynx.time;

import java.time.Duration;

/**
 * Runs tasks later. Tasks run off the timer's own thread, so a slow one delays no other. Implementations are
 * thread-safe.
 */
public interface Scheduler {
    /**
     * Runs {@code task} once, after {@code delay}.
     *
     * @param delay zero or more; a negative one counts as zero
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    Scheduled after(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Scheduled {
        /**
         * Keeps the task from starting; one that has started is left alone.
         *
         * @return whether it was kept from starting
         */
        boolean cancel();
    }
}
