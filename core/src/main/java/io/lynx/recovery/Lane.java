package io.lynx.recovery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task again and again, one run at a time, whenever there is something to do. A signal during a run causes
 * another run after it, so nothing that was put in place before the signal is missed. There is no thread while there is
 * nothing to do. {@link #signal} never blocks. Thread-safe.
 */
final class Lane {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int RUNNING_AND_SIGNALLED = 2;

    private final ThreadFactory threads;
    private final Runnable task;
    private final AtomicInteger state = new AtomicInteger();
    private volatile CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);

    Lane(ThreadFactory threads, Runnable task) {
        this.threads = threads;
        this.task = task;
    }

    /** Says that there is something to do. */
    void signal() {
        while (true) {
            int now = state.get();
            if (now == RUNNING_AND_SIGNALLED) {
                return;
            }
            if (state.compareAndSet(now, now + 1)) {
                if (now == IDLE) {
                    start();
                }
                return;
            }
        }
    }

    private void start() {
        try {
            threads.newThread(this::run).start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            state.set(IDLE);
            log.atWarn().setCause(noThread).log("Recovery got no thread; trying again with the next error");
        }
    }

    private void run() {
        do {
            state.set(RUNNING);
            try {
                task.run();
            } catch (RuntimeException | StackOverflowError failure) {
                log.atError().setCause(failure).log("Recovery work failed");
            }
        } while (!state.compareAndSet(RUNNING, IDLE));
        quiet.complete(null);
    }

    /** Completed when there is nothing to do any more. */
    synchronized CompletableFuture<Void> quiet() {
        if (quiet.isDone()) {
            quiet = new CompletableFuture<>();
        }
        CompletableFuture<Void> wait = quiet;
        if (state.get() == IDLE) {
            wait.complete(null);
        }
        return wait;
    }
}
