package io.lynx.time;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The {@link Scheduler} of real time. One daemon thread, started with the first task, passes each due task to an
 * executor. Thread-safe.
 */
public final class SystemScheduler implements Scheduler, AutoCloseable {
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
        Future<?> future =
                timer.schedule(() -> executor.execute(task), Math.max(0, Nanos.of(delay)), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Discards the tasks that are waiting; running tasks continue. Idempotent. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
