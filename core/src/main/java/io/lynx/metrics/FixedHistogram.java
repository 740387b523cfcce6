package io.lynx.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A histogram with fixed buckets: an adder for each bucket and one for the sum. The count is the sum of the buckets, so a scrape
 * never shows a count that its buckets do not add up to; the sum may include values that are being recorded. A sum that nears
 * the range of a {@code long} is moved to a {@code double} by the next scrape. Thread-safe; recording allocates nothing.
 */
final class FixedHistogram implements Histogram {
    /** The largest value: 104 days of nanoseconds. */
    static final long MOST = 1L << 53;

    private static final long FULL = 1L << 61;
    private static final long PAUSE_MILLIS = 1000;

    private final Bounds bounds;
    private final LongAdder[] buckets;
    private final LongAdder sum = new LongAdder();
    private final LongAdder negatives;
    private final @Nullable InstantSource clock;
    private final @Nullable AtomicReferenceArray<Exemplar> exemplars;

    @GuardedBy("this")
    private double moved;

    /**
     * Creates an empty histogram.
     *
     * @param negatives counts the values below zero
     * @param clock dates exemplars; null if there are none
     */
    FixedHistogram(Bounds bounds, LongAdder negatives, @Nullable InstantSource clock) {
        this.bounds = bounds;
        this.buckets = new LongAdder[bounds.size()];
        Arrays.setAll(buckets, _ -> new LongAdder());
        this.negatives = negatives;
        this.clock = clock;
        this.exemplars = clock == null ? null : new AtomicReferenceArray<>(bounds.size());
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
        buckets[bucket].increment();
        sum.add(value);
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
        long recent = sum.sum();
        if (recent >= FULL) {
            sum.add(-recent);
            moved += recent;
            recent = 0;
        }
        return (moved + recent) * bounds.scale();
    }

    /** Returns the buckets at this moment. */
    ClassicHistogramBuckets buckets() {
        return bounds.show(counts());
    }

    /** Returns the exemplars of the buckets. */
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

    private long[] counts() {
        long[] counts = new long[buckets.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets[i].sum();
        }
        return counts;
    }
}
