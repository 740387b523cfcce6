package io.lynx.logging;

import io.lynx.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A daemon thread that starts again when it is needed after its work has thrown an error. Thread-safe. */
final class RestartedThread {
    /** The time between two attempts to start it, when the process can have no more threads. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final Runnable work;
    private final Runnable onEnd;
    private final Ticker ticker;

    private volatile @Nullable Thread thread;

    // Guarded by this.
    private long startableAt;

    /**
     * Creates a thread that is not started.
     *
     * @param onEnd runs when the work has ended, on the thread that ends, which may be started anew then
     */
    RestartedThread(String name, Runnable work, Runnable onEnd, Ticker ticker) {
        this.name = name;
        this.work = work;
        this.onEnd = onEnd;
        this.ticker = ticker;
        this.startableAt = ticker.nanos();
    }

    /** Starts it unless it runs. If it cannot be started now, the caller receives no error, and a later call tries again. */
    void ensure() {
        if (thread == null) {
            start();
        }
    }

    private synchronized void start() {
        if (thread != null || ticker.nanos() - startableAt < 0) {
            return;
        }
        try {
            Thread made = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
            thread = made;
            made.start();
        } catch (OutOfMemoryError | StackOverflowError none) {
            thread = null;
            startableAt = ticker.nanos() + PAUSE_NANOS;
        }
    }

    private void run() {
        if (isCurrent()) {
            try {
                work.run();
            } finally {
                thread = null;
                onEnd.run();
            }
        }
    }

    /** Returns whether the calling thread is the one that was started, and not one whose start has failed halfway. */
    private synchronized boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }
}
