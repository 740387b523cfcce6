package io.lynx.time;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The {@link Scheduler} of real time. One daemon thread, started with the first task, passes each due task to an
 * executor; what a task throws on that thread goes to its uncaught exception handler. Thread-safe.
 */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final long RETRY_MILLIS = 1000;

    private final ScheduledThreadPoolExecutor timer;
    private final Executor executor;

    /**
     * Creates a scheduler, which starts no thread before its first task.
     *
     * @param name the name of the timer thread
     * @param executor runs the tasks; it must not block the thread that submits one
     */
    public SystemScheduler(String name, Executor executor) {
        this.executor = executor;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Future<?> future = timer.schedule(new Due(task), Math.max(0, Nanos.of(delay)), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Discards the tasks that are waiting; running tasks continue. Idempotent. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** A task: run by the timer's thread, it passes itself on to the executor, which runs it again. */
    private final class Due implements Runnable {
        private final Runnable task;
        private volatile boolean isPassedOn;
        private volatile boolean hasBegun;

        Due(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (isPassedOn) {
                hasBegun = true;
                task.run();
            } else {
                passOn();
            }
        }

        private void passOn() {
            isPassedOn = true;
            try {
                executor.execute(this);
            } catch (RejectedExecutionException closed) {
                // Tasks that are due after the close are discarded.
            } catch (Throwable failure) {
                if (hasBegun) {
                    Thread current = Thread.currentThread();
                    current.getUncaughtExceptionHandler().uncaughtException(current, failure);
                } else {
                    // No thread can be started now, for example: a task that schedules its next run would never run
                    // again.
                    isPassedOn = false;
                    Future<?> _ = timer.schedule(this, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        }
    }
}
