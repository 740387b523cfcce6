package io.lynx.security.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that check passwords. They are platform threads, since a check computes for a fraction of a second: on a virtual thread it
 * would hold up the requests of all others, while the operating system divides the processor. They start when they are needed and end when
 * they are not. Thread-safe.
 */
final class PasswordThreads implements Executor, AutoCloseable {
    /** How many checks may wait for each that runs. */
    static final int WAITING = 16;

    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;

    PasswordThreads(int most) {
        this.pool = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(most * WAITING),
                Thread.ofPlatform().name("lynx-security-passwords-", 1).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a check as soon as there is a thread for it.
     *
     * @throws RejectedExecutionException if too many wait, or after {@link #close}
     */
    @Override
    public void execute(Runnable check) {
        pool.execute(check);
    }

    /** Drops what waits. A check that is running ends by itself. */
    @Override
    public void close() {
        pool.shutdownNow().clear();
    }
}
