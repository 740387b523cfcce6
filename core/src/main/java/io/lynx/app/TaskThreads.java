package io.lynx.app;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * A pool prefers its queue to a new thread. Here the queue refuses a task for which no thread is idle, so the pool starts a thread;
 * when it has as many as it may, it rejects the task, which only then waits in the queue. Virtual threads are no way out: they would
 * not run while computation takes all of their carriers, and deadlines are among the tasks.
 */

/**
 * Runs the framework's own due tasks on at most {@value #MOST} platform threads, which end when they are idle. Tasks beyond that
 * number wait for one of them. Thread-safe.
 */
final class TaskThreads implements Executor, AutoCloseable {
    /**
     * The one task that runs code of a user is the reload of watched files, of which there is one at a time. So this many are blocked
     * at once only if the log or a disk does not respond.
     */
    static final int MOST = 64;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    TaskThreads() {
        this.pool = new ThreadPoolExecutor(
                1,
                MOST,
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new HandOver(),
                task -> Thread.ofPlatform()
                        .name("lynx-task-" + number.getAndIncrement())
                        .daemon()
                        .unstarted(task),
                TaskThreads::enqueue);
        pool.allowCoreThreadTimeOut(true);
    }

    private static void enqueue(Runnable task, ThreadPoolExecutor pool) {
        if (!pool.isShutdown()) {
            pool.getQueue().add(task);
            boolean _ = pool.prestartCoreThread(); // All threads may have ended meanwhile.
        }
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Ends the threads when they have run what waits for them. */
    @Override
    public void close() {
        pool.shutdown();
    }

    /** Accepts what a pool offers only if a thread waits for it. It holds each due task once at most. */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        @Override
        public boolean add(Runnable task) {
            return super.offer(task);
        }
    }
}
