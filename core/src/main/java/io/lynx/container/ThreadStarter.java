package io.lynx.container;

import io.lynx.extension.UserCode;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * When a process is at its limit of threads, Thread.start throws an OutOfMemoryError although the heap is in order. This must
 * neither halt the process, as other errors of the virtual machine do, nor end a shutdown: stopping is what helps then. HotSpot
 * tells the two apart by the message only, which is the same in all of its versions.
 */

/**
 * Starts the threads that bound and coordinate the life of plugins. If the operating system has no thread left, the task runs on a
 * virtual thread, which waits for a carrier as long as all of them are taken. Thread-safe.
 */
public final class ThreadStarter {
    /** Starts threads as the JVM does. */
    public static final ThreadStarter SYSTEM = new ThreadStarter(Thread::start);

    private static final String NO_THREAD = "native thread";

    private final Consumer<Thread> start;

    /**
     * Creates a starter.
     *
     * @param start starts a thread, for tests
     */
    public ThreadStarter(Consumer<Thread> start) {
        this.start = start;
    }

    /**
     * Starts a thread.
     *
     * @param platform makes it, and names it
     * @return the platform thread, or a virtual one of the same name
     * @throws RejectedExecutionException if neither can be started
     */
    public Thread start(Thread.Builder.OfPlatform platform, Runnable task) {
        Thread preferred = platform.unstarted(task);
        if (failure(preferred) == null) {
            return preferred;
        }
        Thread virtual = Thread.ofVirtual().name(preferred.getName()).unstarted(task);
        Throwable failure = failure(virtual);
        if (failure == null) {
            return virtual;
        }
        throw new RejectedExecutionException(
                "thread " + virtual.getName() + ": cannot be started: " + UserCode.describe(failure), failure);
    }

    /** Starts this thread; returns false if that is not possible now. */
    boolean tryStart(Thread thread) {
        return failure(thread) == null;
    }

    private @Nullable Throwable failure(Thread thread) {
        try {
            start.accept(thread);
            return null;
        } catch (RejectedExecutionException noCarrier) {
            return noCarrier;
        } catch (OutOfMemoryError error) {
            String message = error.getMessage();
            if (message == null || !message.contains(NO_THREAD)) {
                throw error;
            }
            return error;
        }
    }
}
