package io.lynx.jdbc;

import io.lynx.context.RequestContext;
import io.lynx.time.Deadline;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits while the pool opens or tests a connection for its request. The pool's own limit is that of a connection, so a
 * request that is over sooner interrupts the wait. Thread-safe.
 */
final class ConnectionWait {
    private final Thread thread = Thread.currentThread();
    private final RequestContext context;
    private final @Nullable Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isInterrupted;
    private boolean hasEnded;

    /** Begins a wait of this thread, for the request of a context. */
    ConnectionWait(RequestContext context) {
        this.context = context;
        this.deadline = context.deadline().orElse(null);
    }

    /** Interrupts the wait if the request is over; any thread calls it. */
    void endIfOver() {
        if (!context.isCancelled() && (deadline == null || !deadline.isExpired())) {
            return;
        }
        lock.lock();
        try {
            if (!hasEnded && !isInterrupted) {
                isInterrupted = true;
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait, which the waiting thread calls; returns whether the end of the request has interrupted it. Idempotent. */
    boolean end() {
        lock.lock();
        try {
            if (isInterrupted && !hasEnded) {
                boolean _ = Thread.interrupted();
            }
            hasEnded = true;
            return isInterrupted;
        } finally {
            lock.unlock();
        }
    }
}
