package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number of requests that are being served. A drain can wait until it is zero. Thread-safe; {@link #begin} and
 * {@link #end} take no lock unless a drain waits.
 */
public final class InFlight {
    private final AtomicLong current = new AtomicLong();
    private final LongAdder failed = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean awaited;

    /** Counts a request that was accepted. */
    public void begin() {
        current.incrementAndGet();
    }

    /** Counts the end of a request: it was answered to its last byte, abandoned by its client, or cut off. */
    public void end() {
        long left = current.decrementAndGet();
        // The decrement and this read, against the write and the read in awaitNone, are all sequentially consistent:
        // either this sees the waiter or the waiter sees the decrement.
        if (left == 0 && awaited) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Counts a request that the server cut off before its answer was complete; call {@link #end} as well. */
    public void recordFailure() {
        failed.increment();
    }

    /** Counts a request that was rejected because the limit of requests in flight was reached. */
    public void recordRejection() {
        rejected.increment();
    }

    /** Returns the number of requests that were rejected because the limit was reached. */
    public long rejections() {
        return rejected.sum();
    }

    /** Returns the number of requests that are being served now. */
    public long current() {
        return current.get();
    }

    /** Returns the number of requests that the server has cut off before their answers were complete. */
    public long failed() {
        return failed.sum();
    }

    /**
     * Waits until no request is being served.
     *
     * @return whether that happened before the deadline
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitNone(Deadline deadline) throws InterruptedException {
        awaited = true;
        lock.lockInterruptibly();
        try {
            while (current.get() > 0) {
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
