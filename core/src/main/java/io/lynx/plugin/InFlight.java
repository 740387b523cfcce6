package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests being served, and wakes who waits for there to be none. Thread-safe; {@link #begin} and
 * {@link #end} take no lock unless somebody waits.
 */
public final class InFlight {
    private final AtomicLong current = new AtomicLong();
    private final LongAdder failed = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean awaited;

    /** A request was accepted. */
    public void begin() {
        current.incrementAndGet();
    }

    /** A request that began was answered to its last byte, given up by its client, or cut off. */
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

    /** A request was cut off by us before its answer was complete; call {@link #end} as well. */
    public void recordFailure() {
        failed.increment();
    }

    /** A request was rejected because the limit of requests in flight was reached. */
    public void recordRejection() {
        rejected.increment();
    }

    /** Returns how many were rejected because the limit was reached. */
    public long rejections() {
        return rejected.sum();
    }

    /** How many are being served now. */
    public long current() {
        return current.get();
    }

    /** How many we cut off before their answers were complete. */
    public long failed() {
        return failed.sum();
    }

    /**
     * Waits until none is being served.
     *
     * @return whether that came about before the deadline
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
