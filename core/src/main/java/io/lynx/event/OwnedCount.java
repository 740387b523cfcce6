package io.lynx.event;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count. The first platform thread, or worker, that increments it owns a cell that it writes without an atomic
 * instruction, which would take longer than all the rest of publishing an event that has no subscriber. Other threads share an
 * adder. Thread-safe.
 */
final class OwnedCount {
    private final AtomicLong owned = new AtomicLong();
    private final LongAdder others = new LongAdder();
    private volatile @Nullable Thread owner;

    /** Counts on a publisher's thread; a virtual thread does not become the owner, as it seldom lasts. */
    void increment() {
        Thread current = Thread.currentThread();
        increment(current, !current.isVirtual());
    }

    /** Counts on the thread of a subscription. */
    void incrementByWorker() {
        increment(Thread.currentThread(), true);
    }

    private void increment(Thread current, boolean isLasting) {
        Thread known = owner;
        if (current.equals(known) || (known == null && isLasting && claim(current))) {
            owned.setRelease(owned.getPlain() + 1);
        } else {
            others.increment();
        }
    }

    private synchronized boolean claim(Thread current) {
        if (owner == null) {
            owner = current;
        }
        return current.equals(owner);
    }

    long sum() {
        return owned.get() + others.sum();
    }
}
