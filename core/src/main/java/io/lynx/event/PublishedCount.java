package io.lynx.event;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An exact count whose first platform thread counts without an atomic instruction, which would take longer than all the rest
 * of publishing an event that has no subscriber. Other threads share an adder. Thread-safe.
 */
final class PublishedCount {
    private final AtomicLong owned = new AtomicLong();
    private final LongAdder others = new LongAdder();
    private volatile @Nullable Thread owner;

    void increment() {
        Thread current = Thread.currentThread();
        Thread known = owner;
        if (known == current || (known == null && !current.isVirtual() && claim(current))) {
            owned.setRelease(owned.getPlain() + 1);
        } else {
            others.increment();
        }
    }

    private synchronized boolean claim(Thread current) {
        if (owner == null) {
            owner = current;
        }
        return owner == current;
    }

    long sum() {
        return owned.get() + others.sum();
    }
}
