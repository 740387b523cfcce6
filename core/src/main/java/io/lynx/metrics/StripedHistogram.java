package io.lynx.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * A stripe is one array: the sum, then a count for each bucket, with so much room on both sides that two stripes never
 * share a cache line. A record is two atomic additions to one stripe: no clock, no allocation, no retry.
 *
 * There is one stripe until two threads meet at it, and up to one for each processor as they go on meeting; stripes are
 * only added, so no value is lost. A thread finds its stripe by its id times an odd number. When all stripes are there and
 * threads still meet, the number is changed, a few times: two threads that shared a stripe by chance then part. So the many
 * series that one thread at a time records cost one stripe. (After Dice and Lea, the cells of java.util.concurrent.atomic's
 * Striped64, where the thread carries the number.)
 *
 * The count is the sum of the buckets, so a scrape never shows a count that its buckets do not add up to. The sum may be
 * ahead of them by the values that are being recorded just then. The sum of a stripe is taken down when it is past 2^61,
 * which a scrape does: it runs over only if 768 of the largest values come between two scrapes.
 */

/** A histogram with fixed buckets, for hot paths. */
final class StripedHistogram implements Histogram {
    /** The largest value: 104 days of nanoseconds. */
    static final long MOST = 1L << 53;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 16;
    private static final int SUM = PADDING;
    private static final int FIRST = SUM + 1;
    private static final long FULL = 1L << 61;
    private static final int TRIES = 16;
    private static final long PAUSE_MILLIS = 1000;

    private final Bounds bounds;
    private final int most;
    private final LongAdder negatives;
    private final @Nullable InstantSource clock;
    private final @Nullable AtomicReferenceArray<Exemplar> exemplars;

    private volatile long[][] stripes;
    private volatile long factor = 0x9E3779B97F4A7C15L;

    @GuardedBy("this")
    private int changes;

    @GuardedBy("this")
    private double takenDown;

    /**
     * An empty one.
     *
     * @param negatives counts the values below zero
     * @param clock dates examples; null if there are to be none
     */
    StripedHistogram(Bounds bounds, LongAdder negatives, @Nullable InstantSource clock) {
        this.bounds = bounds;
        this.negatives = negatives;
        this.clock = clock;
        this.exemplars = clock == null ? null : new AtomicReferenceArray<>(bounds.size());
        int processors = Runtime.getRuntime().availableProcessors();
        this.most = Math.min(64, Integer.highestOneBit(Math.max(1, processors * 2 - 1)));
        this.stripes = new long[][] {stripe()};
    }

    private long[] stripe() {
        return new long[FIRST + bounds.size() + PADDING];
    }

    @Override
    public void record(long value) {
        long recorded = Long.compareUnsigned(value, MOST) > 0 ? clamped(value) : value;
        add(recorded, bounds.indexOf(recorded));
    }

    @Override
    public void record(long value, @Nullable String traceId, @Nullable String spanId) {
        long recorded = Long.compareUnsigned(value, MOST) > 0 ? clamped(value) : value;
        int bucket = bounds.indexOf(recorded);
        add(recorded, bucket);
        if (exemplars != null && clock != null) {
            remember(exemplars, clock.millis(), recorded, bucket, traceId, spanId);
        }
    }

    private long clamped(long value) {
        if (value < 0) {
            negatives.increment();
            return 0;
        }
        return MOST;
    }

    private void add(long value, int bucket) {
        long[][] all = stripes;
        long[] cells =
                all.length == 1 ? all[0] : all[stripeOf(Thread.currentThread().threadId(), all.length)];
        int index = FIRST + bucket;
        long seen = cells[index];
        if (!CELLS.compareAndSet(cells, index, seen, seen + 1)) {
            var _ = (long) CELLS.getAndAdd(cells, index, 1L);
            part(all);
        }
        var _ = (long) CELLS.getAndAdd(cells, SUM, value);
    }

    private int stripeOf(long threadId, int count) {
        return (int) ((threadId * factor) >>> 40) & (count - 1);
    }

    /** Two threads have met at one of {@code met}. */
    @SuppressWarnings("ReferenceEquality") // Other stripes: somebody else has been here.
    private synchronized void part(long[][] met) {
        if (stripes != met) {
            return;
        }
        if (met.length < most) {
            long[][] more = Arrays.copyOf(met, met.length * 2);
            for (int i = met.length; i < more.length; i++) {
                more[i] = stripe();
            }
            stripes = more;
        } else if (changes < TRIES) {
            changes++;
            factor = factor * 6364136223846793005L + 2;
        }
    }

    private void remember(
            AtomicReferenceArray<Exemplar> into,
            long now,
            long value,
            int bucket,
            @Nullable String traceId,
            @Nullable String spanId) {
        Exemplar last = into.get(bucket);
        if (last == null || now - last.getTimestampMillis() >= PAUSE_MILLIS) {
            Labels trace = Traces.labels(traceId, spanId);
            if (trace != null) {
                into.compareAndSet(bucket, last, new Exemplar(value * bounds.scale(), trace, now));
            }
        }
    }

    @Override
    public long count() {
        return Arrays.stream(counts()).sum();
    }

    @Override
    public synchronized double sum() {
        double sum = takenDown;
        for (long[] cells : stripes) {
            long own = (long) CELLS.getVolatile(cells, SUM);
            sum += own;
            if (own >= FULL) {
                var _ = (long) CELLS.getAndAdd(cells, SUM, -own);
                takenDown += own;
            }
        }
        return sum * bounds.scale();
    }

    /** The buckets as they are now. */
    ClassicHistogramBuckets buckets() {
        return bounds.show(counts());
    }

    /** The examples of the buckets. */
    Exemplars exemplars() {
        if (exemplars == null) {
            return Exemplars.EMPTY;
        }
        List<Exemplar> all = new ArrayList<>();
        for (int i = 0; i < exemplars.length(); i++) {
            Exemplar one = exemplars.get(i);
            if (one != null) {
                all.add(one);
            }
        }
        return all.isEmpty() ? Exemplars.EMPTY : Exemplars.of(all);
    }

    /** How many stripes there are by now. */
    int stripes() {
        return stripes.length;
    }

    private long[] counts() {
        long[] counts = new long[bounds.size()];
        for (long[] cells : stripes) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += (long) CELLS.getVolatile(cells, FIRST + i);
            }
        }
        return counts;
    }
}
