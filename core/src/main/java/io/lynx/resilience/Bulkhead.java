package io.lynx.resilience;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets a bounded number of calls run at the same time and others wait for a bounded while, first come, first served.
 * Calls run on the caller's thread. Thread-safe.
 */
public final class Bulkhead {
    private final String name;
    private final int limit;
    private final Duration maxWait;
    private final Semaphore slots;
    private final LongAdder rejected = new LongAdder();

    private Bulkhead(String name, int limit, Duration maxWait) {
        this.name = name;
        this.limit = limit;
        this.maxWait = maxWait;
        this.slots = new Semaphore(limit, true);
    }

    /**
     * A bulkhead.
     *
     * @param limit calls at the same time, at least 1
     * @param maxWait how long a call may wait for its turn; zero to refuse at once
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Bulkhead of(String name, int limit, Duration maxWait) {
        Problems problems = new Problems("bulkhead " + name);
        problems.unless(limit >= 1, "limit", limit, "at least 1");
        problems.within("max_wait", maxWait, Duration.ZERO, Duration.ofHours(1));
        problems.raise();
        return new Bulkhead(name, limit, maxWait);
    }

    /**
     * Makes a call when there is room.
     *
     * @throws BulkheadFullException if there was none in time
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        if (!slots.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
            rejected.increment();
            throw new BulkheadFullException(name, limit, maxWait);
        }
        try {
            return callable.call();
        } finally {
            slots.release();
        }
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** Calls at the same time, at most. */
    public int limit() {
        return limit;
    }

    /** Calls that could start now. */
    public int available() {
        return slots.availablePermits();
    }

    /** About how many calls wait. */
    public int waiting() {
        return slots.getQueueLength();
    }

    /** Total of refused calls. */
    public long rejections() {
        return rejected.sum();
    }
}
