package io.lynx.systemtest.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Calls an action at a fixed rate on a thread of its own, late rather than never. Thread-safe. */
public final class Pacer {
    private final long intervalNanos;
    private final LongConsumer action;
    private final Thread thread;
    private volatile boolean stopping;

    private Pacer(int perSecond, LongConsumer action) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.action = action;
        this.thread = Thread.ofPlatform().daemon().name("load-pacer").unstarted(this::pace);
    }

    /**
     * Prepares the calls.
     *
     * @param action receives when it was due, on {@link System#nanoTime}; must not block
     */
    public static Pacer of(int perSecond, LongConsumer action) {
        return new Pacer(perSecond, action);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    private void pace() {
        long due = System.nanoTime();
        while (!stopping) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                continue;
            }
            action.accept(due);
            due += intervalNanos;
        }
    }

    /** Makes no further calls. */
    public void cancel() {
        stopping = true;
    }

    /** Makes no further calls, and returns when the last one has returned. */
    public void stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join();
    }
}
