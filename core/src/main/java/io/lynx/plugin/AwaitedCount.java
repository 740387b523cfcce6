package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A count that can be waited for until it is zero. Thread-safe; changing it takes no lock unless something waits. */
final class AwaitedCount {
    private final AtomicLong current = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean awaited;
    private volatile long ignored;

    /** Adds one; returns the new count. */
    long increment() {
        return current.incrementAndGet();
    }

    /** Subtracts one. */
    void decrement() {
        long left = current.decrementAndGet();
        // The decrement and this read, against the write and the read in awaitNone, are all sequentially consistent:
        // either this sees the waiter or the waiter sees the decrement.
        if (awaited && left <= ignored) {
            wake();
        }
    }

    private void wake() {
        lock.lock();
        try {
            none.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets waits end while this number remains. */
    void ignore(long some) {
        ignored = some;
        wake();
    }

    long current() {
        return current.get();
    }

    /** Waits until the count is zero, or no more than is ignored; returns whether that happened before the deadline. */
    boolean awaitNone(Deadline deadline) throws InterruptedException {
        awaited = true;
        lock.lockInterruptibly();
        try {
            while (current.get() > ignored) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                long _ = none.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
