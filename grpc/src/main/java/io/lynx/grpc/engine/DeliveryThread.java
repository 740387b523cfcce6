package io.lynx.grpc.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thread that delivers the callbacks of a call. The next burst of callbacks may begin while the thread of the last one returns.
 * Thread-safe.
 */
final class DeliveryThread {
    private static final StackTraceElement[] NO_STACK = {};

    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

    /** The current thread begins a burst. */
    void begin() {
        running.set(Thread.currentThread());
    }

    /** The current thread has delivered; another one that has begun since then goes on. */
    void end() {
        boolean _ = running.compareAndSet(Thread.currentThread(), null);
    }

    boolean isCurrent() {
        return Thread.currentThread().equals(running.get());
    }

    boolean isBusy() {
        return running.get() != null;
    }

    /** Returns what it is doing; empty if no thread delivers. */
    StackTraceElement[] stack() {
        Thread thread = running.get();
        return thread == null ? NO_STACK : thread.getStackTrace();
    }

    void interrupt() {
        Thread thread = running.get();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
