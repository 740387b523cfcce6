package io.lynx.event;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * An exact counter that costs its first platform thread no atomic instruction. That thread owns a cell that it alone
 * writes; all others, virtual threads among them as they do not last, share an adder. For events that nobody listens
 * to: there the count is all there is to do, and an atomic add would be most of it. Thread-safe.
 */
final class BiasedCounter {
    private final AtomicLong owner = new AtomicLong();
    private final PaddedLong owned = new PaddedLong();
    private final LongAdder others = new LongAdder();

    void increment() {
        Thread thread = Thread.currentThread();
        if (owner.getPlain() == thread.threadId()) {
            owned.bump();
        } else {
            incrementAsGuest(thread);
        }
    }

    /** Thread ids start at 1 and are never used twice, so a dead owner's cell stays as it is. */
    private void incrementAsGuest(Thread thread) {
        if (owner.get() == 0 && !thread.isVirtual() && owner.compareAndSet(0, thread.threadId())) {
            owned.bump();
        } else {
            others.increment();
        }
    }

    long sum() {
        return owned.get() + others.sum();
    }
}
