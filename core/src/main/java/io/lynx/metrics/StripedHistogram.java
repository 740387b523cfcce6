package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/*
 * A few stripes, as many as there are processors: a power of two. Each is one array: the sum first, then a count for each
 * bucket, then so much room that two stripes never share a cache line. A thread goes to the stripe of its id, so that two
 * threads seldom write to the same line; when they do, the additions are atomic all the same. Two additions a record, no
 * clock, no allocation, no retry.
 *
 * The count is the sum of the buckets, so a scrape never shows a count that its buckets do not add up to. The sum may be
 * ahead of them by the values that are being recorded just then.
 */

/** A histogram with fixed buckets, for hot paths. */
final class StripedHistogram implements Histogram {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 16;
    private static final int SUM = PADDING;
    private static final int FIRST = SUM + 1;

    private final long[] bounds;
    private final double[] shown;
    private final double scale;
    private final long[][] stripes;
    private final int mask;
    private final LongAdder negatives;

    /**
     * An empty one.
     *
     * @param metric says its buckets
     * @param negatives counts the values below zero
     */
    StripedHistogram(Metric metric, LongAdder negatives) {
        int buckets = metric.buckets().size();
        this.scale = metric.unit().scale();
        this.bounds = new long[buckets];
        this.shown = new double[buckets + 1];
        for (int i = 0; i < buckets; i++) {
            shown[i] = metric.buckets().get(i);
            bounds[i] = (long) Math.floor(Math.min(Long.MAX_VALUE, Math.rint(shown[i] / scale * 1e3) / 1e3));
        }
        shown[buckets] = Double.POSITIVE_INFINITY;
        int wanted = Runtime.getRuntime().availableProcessors();
        int count = Math.min(64, Integer.highestOneBit(Math.max(1, wanted * 2 - 1)));
        this.mask = count - 1;
        this.stripes = new long[count][];
        Arrays.setAll(stripes, _ -> new long[FIRST + buckets + 1 + PADDING]);
        this.negatives = negatives;
    }

    @Override
    public void record(long value) {
        long recorded = value;
        if (recorded < 0) {
            negatives.increment();
            recorded = 0;
        }
        long[] cells = stripes[(int) Thread.currentThread().threadId() & mask];
        var _ = (long) CELLS.getAndAdd(cells, FIRST + bucket(recorded), 1L);
        var _ = (long) CELLS.getAndAdd(cells, SUM, recorded);
    }

    private int bucket(long value) {
        long[] upper = bounds;
        int i = 0;
        while (i < upper.length && value > upper[i]) {
            i++;
        }
        return i;
    }

    @Override
    public long count() {
        return Arrays.stream(counts()).sum();
    }

    @Override
    public double sum() {
        double sum = 0;
        for (long[] cells : stripes) {
            sum += (double) (long) CELLS.getVolatile(cells, SUM) * scale;
        }
        return sum;
    }

    /** The buckets as they are now. */
    ClassicHistogramBuckets buckets() {
        return ClassicHistogramBuckets.of(shown, counts());
    }

    private long[] counts() {
        long[] counts = new long[shown.length];
        for (long[] cells : stripes) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += (long) CELLS.getVolatile(cells, FIRST + i);
            }
        }
        return counts;
    }
}
