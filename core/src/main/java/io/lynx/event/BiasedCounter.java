package io.lynx.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * An exact counter that costs one thread no atomic instruction: its owner, the first that lasts and counts here, has a
 * cell that it alone writes. All others share. Where one thread does most of the counting, an atomic add would be a good
 * part of what an event costs. Thread-safe.
 *
 * <p>Virtual threads do not last, but for those of subscriptions. Thread ids start at 1 and are never used twice, so the
 * cell of an owner that is gone stays as it is.
 */
final class BiasedCounter {
    private static final VarHandle OWNER = owner();

    private final PaddedLong owned = new PaddedLong();
    private final PaddedLong numbered = new PaddedLong();
    private final LongAdder others = new LongAdder();
    // The id of a thread, 0 for none; changes once, by CAS.
    private volatile long owner;

    private static VarHandle owner() {
        try {
            return MethodHandles.lookup().findVarHandle(BiasedCounter.class, "owner", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Counts. */
    void increment() {
        if (isMine(false)) {
            owned.bump();
        } else {
            others.increment();
        }
    }

    /** Counts, on the thread of a subscription. */
    void incrementByWorker() {
        if (isMine(true)) {
            owned.bump();
        } else {
            others.increment();
        }
    }

    /** Counts, and returns a number that nobody else gets from this counter; the owner's are even, all others odd. */
    long next() {
        return isMine(false) ? owned.bump() << 1 : numbered.getAndAdd(1) << 1 | 1;
    }

    private boolean isMine(boolean lasts) {
        Thread thread = Thread.currentThread();
        long seen = owner;
        return seen == thread.threadId() || (seen == 0 && claim(thread, lasts));
    }

    private boolean claim(Thread thread, boolean lasts) {
        return (lasts || !thread.isVirtual()) && OWNER.compareAndSet(this, 0L, thread.threadId());
    }

    long sum() {
        return owned.get() + numbered.get() + others.sum();
    }
}
