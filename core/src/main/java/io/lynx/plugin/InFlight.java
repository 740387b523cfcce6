package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.concurrent.atomic.LongAdder;

/**
 * The number of requests that are being served. A drain can wait until it is zero. Thread-safe; {@link #begin} and
 * {@link #end} take no lock unless a drain waits.
 */
public final class InFlight {
    private final AwaitedCount count = new AwaitedCount();
    private final LongLived longLived = new LongLived();
    private final LongAdder failed = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /** Counts a request that was accepted. */
    public void begin() {
        long _ = count.increment();
    }

    /** Counts the end of a request: it was answered to its last byte, abandoned by its client, or cut off. */
    public void end() {
        count.decrement();
    }

    /** Lets a drain end while this number of requests continues, since they cannot end before the drain does. */
    public void excuse(long requests) {
        count.ignore(requests);
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

    /** Returns the number of requests that are being served now, without the {@linkplain #longLived long-lived} ones. */
    public long current() {
        return count.current();
    }

    /** Returns the number of requests that the server has cut off before their answers were complete. */
    public long failed() {
        return failed.sum();
    }

    /** Returns the count of the long-lived streams, which are not counted here. */
    public LongLived longLived() {
        return longLived;
    }

    /**
     * Waits until no request is being served, apart from those that are {@linkplain #excuse excused}.
     *
     * @return whether that happened before the deadline
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitNone(Deadline deadline) throws InterruptedException {
        return count.awaitNone(deadline);
    }
}
