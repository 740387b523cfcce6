package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.concurrent.atomic.LongAdder;

/**
 * The number of long-lived streams that are open, such as server-sent events, WebSockets and streaming calls. A drain ends
 * them in its first half instead of waiting for them as it does for {@linkplain InFlight requests}. Thread-safe.
 */
public final class LongLived {
    private final AwaitedCount count = new AwaitedCount();
    private final LongAdder ended = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /**
     * Counts a stream that becomes long-lived, unless {@code limit} are open.
     *
     * @return whether it was counted; otherwise it is counted as {@linkplain #rejections rejected}
     */
    public boolean begin(int limit) {
        if (count.increment() <= limit) {
            return true;
        }
        count.decrement();
        rejected.increment();
        return false;
    }

    /** Counts the end of a stream that was counted by {@link #begin}. */
    public void end() {
        count.decrement();
    }

    /** Counts a stream that the drain has ended; call {@link #end} as well. */
    public void recordEnded() {
        ended.increment();
    }

    /** Returns the number of long-lived streams that are open now. */
    public long current() {
        return count.current();
    }

    /** Returns the number of streams that drains have ended. They do not count as {@linkplain InFlight#failed failed}. */
    public long ended() {
        return ended.sum();
    }

    /** Returns the number of streams that could not become long-lived because the limit was reached. */
    public long rejections() {
        return rejected.sum();
    }

    /**
     * Waits until no long-lived stream is open.
     *
     * @return whether that happened before the deadline
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitNone(Deadline deadline) throws InterruptedException {
        return count.awaitNone(deadline);
    }
}
