package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Arrays;

/**
 * The results within a time and the rates over them.
 *
 * <h2>Design</h2>
 *
 * The window is ten slices of time. Results go to the present slice, whose counts are one word; the sums of the older
 * ones are final fields of it, so looking at the rates reads no more than that word. A result takes effect with one
 * compare-and-set of the word. When the slice's time is over, or its word is full, the word is sealed, which stops
 * further results, and the slice is replaced by one that remembers it; no count is ever cleared. A result that was under
 * way meanwhile finds the seal and goes to the new slice. Nothing is lossy; time is forgotten in steps of a slice.
 *
 * <p>A clock that goes back by no more than a slice, as seen by threads whose readings cross, changes nothing. If it
 * goes back further the window starts its slices anew from there and keeps what it has.
 *
 * <pre>
 * counts:  tripped (1) | sealed (1) | unused (2) | slow (20) | failures (20) | calls (20)
 * </pre>
 */
final class TimeWindow extends FailureDetector {
    private static final VarHandle PRESENT;
    private static final VarHandle COUNTS;

    static {
        try {
            PRESENT = MethodHandles.lookup().findVarHandle(TimeWindow.class, "present", Slice.class);
            COUNTS = MethodHandles.lookup().findVarHandle(Slice.class, "counts", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long TRIPPED = Long.MIN_VALUE;
    private static final long SEALED = 1L << 62;
    private static final int WIDTH = 20;
    private static final long MASK = (1L << WIDTH) - 1;
    private static final long CALL = 1;
    private static final long FAILURE = 1L << WIDTH;
    private static final long SLOW = 1L << (2 * WIDTH);

    private final WindowConfig.Limits limits;
    private final boolean trips;
    private final Ticker ticker;
    private final long slowNanos;
    private final long sliceNanos;

    private volatile Slice present;

    /** The counts of a slice that is over. */
    private record Past(long index, long counts) {
        boolean isWithin(long newest) {
            return newest - index < WindowConfig.Time.SLICES;
        }
    }

    /** The slice that takes results. */
    private static final class Slice {
        final long index;
        final long start;
        final Past[] past;
        final long calls;
        final long failures;
        final long slow;

        @SuppressWarnings("UnusedVariable") // written through COUNTS
        volatile long counts;

        Slice(long index, long start, Past[] past) {
            this.index = index;
            this.start = start;
            this.past = past;
            long pastCalls = 0;
            long pastFailures = 0;
            long pastSlow = 0;
            for (Past slice : past) {
                pastCalls += calls(slice.counts);
                pastFailures += failures(slice.counts);
                pastSlow += slow(slice.counts);
            }
            this.calls = pastCalls;
            this.failures = pastFailures;
            this.slow = pastSlow;
        }
    }

    TimeWindow(WindowConfig.Time config, boolean trips, Ticker ticker) {
        this.limits = config.limits();
        this.trips = trips;
        this.ticker = ticker;
        this.slowNanos = limits.slowCallDuration().map(Duration::toNanos).orElse(0L);
        this.sliceNanos = Math.max(1, config.size().toNanos() / WindowConfig.Time.SLICES);
        this.present = new Slice(0, ticker.nanos(), new Past[0]);
    }

    private static long calls(long counts) {
        return counts & MASK;
    }

    private static long failures(long counts) {
        return counts >>> WIDTH & MASK;
    }

    private static long slow(long counts) {
        return counts >>> (2 * WIDTH) & MASK;
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
        long now = ticker.nanos();
        long result = CALL;
        if (failed) {
            result += FAILURE;
        }
        if (slowNanos > 0 && now - begun >= slowNanos) {
            result += SLOW;
        }
        for (; ; ) {
            Slice slice = present;
            long seen = slice.counts;
            if (seen < 0) {
                return true;
            }
            long age = now - slice.start;
            boolean over = age >= sliceNanos || age < -sliceNanos;
            if (over || seen >= SEALED || calls(seen) == MASK) {
                replace(slice, seen, now);
                continue;
            }
            long next = seen + result;
            if (trips
                    && limits.exceededBy(
                            slice.calls + calls(next), slice.failures + failures(next), slice.slow + slow(next))) {
                next |= TRIPPED;
            }
            if (COUNTS.compareAndSet(slice, seen, next)) {
                return next < 0;
            }
        }
    }

    /** Seals the slice, if that has not been done, and puts the next in its place. */
    private void replace(Slice slice, long seen, long now) {
        if (seen < SEALED && !COUNTS.compareAndSet(slice, seen, seen | SEALED)) {
            return;
        }
        PRESENT.compareAndSet(this, slice, after(slice, seen & ~SEALED, now));
    }

    private Slice after(Slice slice, long counts, long now) {
        long age = now - slice.start;
        boolean back = age < -sliceNanos;
        long steps = back ? 1 : Math.max(0, age / sliceNanos);
        long index = slice.index + steps;
        long start = back ? now : slice.start + steps * sliceNanos;
        return new Slice(index, start, remembered(slice, counts, index));
    }

    private static Past[] remembered(Slice slice, long counts, long newest) {
        Past[] all = Arrays.copyOf(slice.past, slice.past.length + 1);
        all[slice.past.length] = new Past(slice.index, counts);
        int first = 0;
        while (first < all.length && !all[first].isWithin(newest)) {
            first++;
        }
        return Arrays.copyOfRange(all, first, all.length);
    }

    @Override
    boolean tripped() {
        return present.counts < 0;
    }

    @Override
    CallCounts counts() {
        Slice slice = present;
        long counts = slice.counts;
        if (counts >= 0 && ticker.nanos() - slice.start >= sliceNanos) {
            slice = after(slice, counts & ~SEALED, ticker.nanos());
            counts = 0;
        }
        return new CallCounts(
                slice.calls + calls(counts), slice.failures + failures(counts), slice.slow + slow(counts));
    }
}
