package io.lynx.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in first-out queue for any number of threads on both ends, that can be closed exactly. Thread-safe.
 *
 * <h2>Design</h2>
 *
 * An array ring with a sequence number for each slot (D. Vyukov, "Bounded MPMC queue", 1024cores). For position
 * {@code p}, which uses slot {@code p mod size}:
 *
 * <pre>
 *   sequence = p          free: a writer may claim it by moving the tail from p to p + 1
 *   (claimed)             the writer puts the element down, then releases sequence p + 1
 *   sequence = p + 1      readable: a reader claims it by moving the head from p to p + 1
 *   (claimed)             the reader clears the element, then releases sequence p + size, free for the next lap
 * </pre>
 *
 * Both ends claim by CAS, the reader's too: beside the consumer, publishers that displace the oldest event and the one
 * who closes take elements. A CAS that nobody contends for costs the consumer some nanoseconds and saves a second
 * algorithm.
 *
 * <p><b>Bounds.</b> The size is the next power of two, the capacity is exact: a writer stays within {@code head +
 * capacity}, an ordinary one within {@code head + capacity - reserve}. The ordinary bound is remembered in
 * {@code LIMIT}, so that the writer reads the reader's head only when it seems to have run out of room. A remembered
 * limit may be too small, never too large, as the head only grows; whoever finds it too small reads the head.
 *
 * <p><b>Closing</b> sets the sign bit of the tail. Every claim is a CAS from a tail without it, so none succeeds
 * afterwards: what is in the ring then is all there will ever be, and can be counted.
 *
 * <p><b>What is not promised.</b> {@link #poll} may find nothing although an element was put in, while an earlier
 * writer has claimed its slot and not filled it yet. {@link #isEmpty} tells the difference: it looks at the claims. A
 * writer may likewise spin while a reader lets go of a slot; both windows are three instructions long.
 *
 * <p><b>Waking.</b> A claim is a volatile write of the tail, and {@link #isEmpty} reads it. A consumer that announces
 * that it will sleep and then finds the ring empty can therefore rely on it that any later writer, which looks for
 * sleepers after its claim, sees the announcement: no fence is needed beside the CAS.
 *
 * <p>The three counters are elements of one array, far enough apart that no two share a cache line or a pair of
 * prefetched lines.
 */
final class EventRing<E> {
    /** The outcome of an offer. */
    static final int TAKEN = 0;

    static final int FULL = 1;
    static final int CLOSED = 2;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int HEAD = 16;
    private static final int TAIL = 32;
    private static final int LIMIT = 48;
    private static final int SPINS = 100;

    private final int capacity;
    private final int open;
    private final int mask;
    private final long[] counters = new long[64];
    private final long[] sequences;
    private final @Nullable Object[] elements;

    /**
     * An empty ring.
     *
     * @param capacity 1 to 2^30
     * @param reserve how much of it only {@code urgent} elements may use; less than the capacity
     */
    EventRing(int capacity, int reserve) {
        // Two slots at least: with one, "readable" and "free for the next lap" would be the same number.
        int size = Math.max(2, Integer.highestOneBit(capacity - 1) << 1);
        this.capacity = capacity;
        this.open = capacity - reserve;
        this.mask = size - 1;
        this.sequences = new long[size];
        this.elements = new Object[size];
        for (int i = 0; i < size; i++) {
            sequences[i] = i;
        }
        counters[LIMIT] = open;
        VarHandle.releaseFence();
    }

    int capacity() {
        return capacity;
    }

    /** Puts an element in, if there is room for it: {@link #TAKEN}, {@link #FULL} or {@link #CLOSED}. */
    int offer(E element, boolean urgent) {
        for (int spins = 0; ; spins++) {
            long tail = (long) LONGS.getVolatile(counters, TAIL);
            if (tail < 0) {
                return CLOSED;
            }
            if (!mayClaim(tail, urgent)) {
                return FULL;
            }
            int slot = (int) tail & mask;
            if ((long) LONGS.getAcquire(sequences, slot) == tail
                    && LONGS.compareAndSet(counters, TAIL, tail, tail + 1)) {
                elements[slot] = element;
                LONGS.setRelease(sequences, slot, tail + 1);
                return TAKEN;
            }
            pause(spins);
        }
    }

    private boolean mayClaim(long tail, boolean urgent) {
        if (urgent) {
            return tail - taken() < capacity;
        }
        if (tail < (long) LONGS.getOpaque(counters, LIMIT)) {
            return true;
        }
        long limit = taken() + open;
        if (tail >= limit) {
            return false;
        }
        LONGS.setOpaque(counters, LIMIT, limit);
        return true;
    }

    /** Takes the oldest element, or null if there is none to be had now. */
    @Nullable
    E poll() {
        return poll(null);
    }

    /** Takes the oldest element if it is one of those; null if it is not, or there is none to be had now. */
    @SuppressWarnings("unchecked")
    @Nullable
    E poll(@Nullable Predicate<? super E> only) {
        while (true) {
            long head = taken();
            int slot = (int) head & mask;
            long sequence = (long) LONGS.getAcquire(sequences, slot);
            if (sequence == head + 1) {
                // While the head stays, nobody else takes or replaces it: the CAS confirms what is read here.
                E element = (E) elements[slot];
                if (only != null && element != null && !only.test(element)) {
                    return null;
                }
                if (LONGS.compareAndSet(counters, HEAD, head, head + 1)) {
                    elements[slot] = null;
                    LONGS.setRelease(sequences, slot, head + mask + 1);
                    return element;
                }
            } else if (sequence <= head) {
                return null;
            }
        }
    }

    /** The oldest element, if it can be had now. A moment later it may be gone. */
    @SuppressWarnings("unchecked")
    @Nullable
    E peek() {
        while (true) {
            long head = taken();
            int slot = (int) head & mask;
            long sequence = (long) LONGS.getAcquire(sequences, slot);
            E element = (E) elements[slot];
            if (taken() == head) {
                return sequence == head + 1 ? element : null;
            }
        }
    }

    /** Lets nothing more in, for good. Idempotent. */
    void close() {
        LONGS.getAndBitwiseOr(counters, TAIL, Long.MIN_VALUE);
    }

    boolean isClosed() {
        return (long) LONGS.getVolatile(counters, TAIL) < 0;
    }

    /** How many elements were ever let in. */
    long claimed() {
        return (long) LONGS.getVolatile(counters, TAIL) & Long.MAX_VALUE;
    }

    /** How many elements were ever taken out. */
    long taken() {
        return (long) LONGS.getVolatile(counters, HEAD);
    }

    /** Whether nothing is in it, not even an element whose writer has claimed its slot and is about to fill it. */
    boolean isEmpty() {
        return taken() == claimed();
    }

    /** Waits for another thread to get on with three instructions: spins, and lets it run if that takes long. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
