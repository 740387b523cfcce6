package io.lynx.opentelemetry;

import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts exponential buckets between OpenTelemetry and Prometheus. Both grow by 2^(2^-scale). Bucket {@code i} is
 * (base^i, base^(i+1)] in OpenTelemetry and (base^(i-1), base^i] in Prometheus, so the indexes differ by one.
 * Prometheus supports scales from -4 to 8; a finer scale is reduced by merging pairs of buckets. Stateless.
 */
final class ExponentialBuckets {
    private static final int COARSEST = -4;
    private static final int FINEST = 8;

    /** The maximum number of buckets from the first to the last of one series; a wider one is not sent. */
    private static final int WIDEST = 10_000;

    private ExponentialBuckets() {}

    /**
     * Returns Prometheus' schema for a scale.
     *
     * @throws IllegalArgumentException if Prometheus does not support so coarse a scale
     */
    static int nativeSchema(int scale) {
        if (scale < COARSEST) {
            throw new IllegalArgumentException("histogram scale: " + scale + "; " + COARSEST + " or more");
        }
        return Math.min(scale, FINEST);
    }

    /** Converts OpenTelemetry's buckets of {@code scale} to Prometheus' form. */
    static NativeHistogramBuckets toNative(ExponentialHistogramBuckets buckets, int scale) {
        int coarser = Math.max(0, scale - FINEST);
        List<Integer> indexes = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        List<Long> given = buckets.getBucketCounts();
        for (int i = 0; i < given.size(); i++) {
            int index = ((buckets.getOffset() + i) >> coarser) + 1;
            int last = indexes.size() - 1;
            if (given.get(i) == 0) {
                continue;
            }
            if (last >= 0 && indexes.get(last) == index) {
                counts.set(last, counts.get(last) + given.get(i));
            } else {
                indexes.add(index);
                counts.add(given.get(i));
            }
        }
        return indexes.isEmpty() ? NativeHistogramBuckets.EMPTY : NativeHistogramBuckets.of(indexes, counts);
    }

    /**
     * Converts Prometheus' buckets to OpenTelemetry's form, which includes empty buckets.
     *
     * @throws IllegalArgumentException if there are too many buckets
     */
    static ExponentialHistogramBuckets fromNative(NativeHistogramBuckets buckets, int schema) {
        if (buckets.size() == 0) {
            return ExponentialHistogramBuckets.create(schema, 0, List.of());
        }
        int first = buckets.getBucketIndex(0);
        int width = buckets.getBucketIndex(buckets.size() - 1) - first + 1;
        if (width > WIDEST) {
            throw new IllegalArgumentException("histogram: " + width + " buckets wide; " + WIDEST + " at most");
        }
        Long[] counts = new Long[width];
        java.util.Arrays.fill(counts, 0L);
        for (int i = 0; i < buckets.size(); i++) {
            counts[buckets.getBucketIndex(i) - first] = buckets.getCount(i);
        }
        return ExponentialHistogramBuckets.create(schema, first - 1, List.of(counts));
    }
}
