package io.lynx.app;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the framework's own due tasks on at most {@value #MOST} platform threads, which end when they are idle. Tasks beyond that
 * number run on virtual threads. Thread-safe.
 */
final class TaskThreads implements Executor, AutoCloseable {
    private static final int MOST = 8;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor platform;

    TaskThreads(Executor virtual) {
        this.platform = new ThreadPoolExecutor(
                0,
                MOST,
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new SynchronousQueue<>(),
                task -> Thread.ofPlatform()
                        .name("lynx-task-" + number.getAndIncrement())
                        .daemon()
                        .unstarted(task),
                (task, _) -> virtual.execute(task));
    }

    @Override
    public void execute(Runnable task) {
        platform.execute(task);
    }

    /** Ends the idle threads; tasks in progress go on. */
    @Override
    public void close() {
        platform.shutdown();
    }
}
