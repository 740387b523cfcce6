package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;

/**
 * The most recent results and the rates over them.
 *
 * <h2>Design</h2>
 *
 * Results live in a ring of slots, their sums in one word, the header. A result takes effect with one compare-and-set of
 * the header, which moves the cursor on, takes the result that falls out of the window off the sums and puts the new one
 * on. The slot of a result cannot be written in the same instant, so the header also carries the latest result until it
 * is written: the next thread writes it first. A slot holds the lap of the cursor beside the result, and is only ever
 * moved to the following lap, so a thread that was held up cannot bring an old result back.
 *
 * <pre>
 * header:  tripped (1) | full (1) | lap (what is left) | position (w) | slow (w) | failures (w) | latest result (2)
 * slot:    lap | result (2)                                                 w = bits that hold the size
 * </pre>
 *
 * Laps wrap around. A header could be taken for an equal one of size × laps calls before, which is 2 billion for the
 * largest window and more for smaller ones. Nothing is lossy.
 */
final class CountWindow extends FailureDetector {
    private static final VarHandle HEADER;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            HEADER = MethodHandles.lookup().findVarHandle(CountWindow.class, "header", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long TRIPPED = Long.MIN_VALUE;
    private static final long FULL = 1L << 62;
    private static final int FLAGS = 2;
    private static final int RESULT_BITS = 2;
    private static final long RESULT_MASK = (1L << RESULT_BITS) - 1;
    private static final int FAILED = 1;
    private static final int SLOW = 2;

    private final WindowConfig.Limits limits;
    private final boolean trips;
    private final Ticker ticker;
    private final long slowNanos;
    private final int size;
    private final long[] slots;

    private final int slowShift;
    private final int positionShift;
    private final int lapShift;
    private final long sumMask;
    private final long lapMask;

    @SuppressWarnings("UnusedVariable") // written through HEADER
    private volatile long header;

    CountWindow(WindowConfig.Count config, boolean trips, Ticker ticker) {
        this(config, trips, ticker, Long.SIZE);
    }

    /** A window that counts its laps in {@code mostLapBits} at most; fewer make them wrap around sooner. */
    CountWindow(WindowConfig.Count config, boolean trips, Ticker ticker, int mostLapBits) {
        this.limits = config.limits();
        this.trips = trips;
        this.ticker = ticker;
        this.slowNanos = limits.slowCallDuration().map(Duration::toNanos).orElse(0L);
        this.size = config.size();
        this.slots = new long[size];
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(size);
        this.slowShift = RESULT_BITS + width;
        this.positionShift = slowShift + width;
        this.lapShift = positionShift + width;
        this.sumMask = (1L << width) - 1;
        this.lapMask = (1L << Math.min(mostLapBits, Long.SIZE - FLAGS - lapShift)) - 1;
        Arrays.fill(slots, lapMask << RESULT_BITS);
    }

    @Override
    boolean timesCalls() {
        return slowNanos > 0;
    }

    @Override
    long begin() {
        return slowNanos > 0 ? ticker.nanos() : 0;
    }

    @Override
    boolean record(boolean failed, long begun) {
        boolean slow = slowNanos > 0 && ticker.nanos() - begun >= slowNanos;
        int result = (failed ? FAILED : 0) | (slow ? SLOW : 0);
        for (; ; ) {
            long seen = header;
            if (seen < 0) {
                return true;
            }
            long next = next(seen, result);
            if (HEADER.compareAndSet(this, seen, next)) {
                return next < 0;
            }
        }
    }

    private long next(long seen, int result) {
        boolean full = (seen & FULL) != 0;
        long lap = seen >>> lapShift & lapMask;
        int position = (int) (seen >>> positionShift & sumMask);
        if (full || position > 0) {
            writeLatest(lap, position, seen & RESULT_MASK);
        }

        long failures = (seen >>> RESULT_BITS & sumMask) + (result & FAILED);
        long slow = (seen >>> slowShift & sumMask) + (result >>> 1);
        long calls = position + 1L;
        if (full) {
            long leaving = (long) SLOTS.getVolatile(slots, position);
            failures -= leaving & FAILED;
            slow -= (leaving & SLOW) >>> 1;
            calls = size;
        }
        if (++position == size) {
            position = 0;
            full = true;
            lap = lap + 1 & lapMask;
        }
        long next = lap << lapShift
                | (long) position << positionShift
                | slow << slowShift
                | failures << RESULT_BITS
                | result
                | (full ? FULL : 0);
        return trips && limits.exceededBy(calls, failures, slow) ? next | TRIPPED : next;
    }

    /** Writes the result that the header carries to the slot before its position, unless that has been done. */
    private void writeLatest(long lap, int position, long result) {
        int slot = position == 0 ? size - 1 : position - 1;
        long lapOfSlot = position == 0 ? lap - 1 & lapMask : lap;
        long held = (long) SLOTS.getVolatile(slots, slot);
        if (held >>> RESULT_BITS == (lapOfSlot - 1 & lapMask)) {
            SLOTS.compareAndSet(slots, slot, held, lapOfSlot << RESULT_BITS | result);
        }
    }

    @Override
    boolean tripped() {
        return header < 0;
    }

    @Override
    CallCounts counts() {
        long seen = header;
        long calls = (seen & FULL) != 0 ? size : seen >>> positionShift & sumMask;
        return new CallCounts(calls, seen >>> RESULT_BITS & sumMask, seen >>> slowShift & sumMask);
    }
}
