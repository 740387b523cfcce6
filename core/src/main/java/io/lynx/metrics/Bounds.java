package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.util.List;

/** The buckets of a histogram, in the unit recorded and in the unit exposed. Immutable; shared by all series of a metric. */
final class Bounds {
    private final long[] upper;
    private final double[] shown;
    private final double scale;

    /** Returns the buckets of {@code metric}, with an infinite one at the end. */
    Bounds(Metric metric) {
        List<Double> bounds = metric.buckets();
        this.scale = metric.unit().scale();
        this.upper = new long[bounds.size()];
        this.shown = new double[bounds.size() + 1];
        for (int i = 0; i < upper.length; i++) {
            shown[i] = bounds.get(i);
            // A thousandth is far more than the error of .0001 / 1e-9, and far less than 1, the difference of two
            // values.
            upper[i] = (long) Math.floor(Math.rint(shown[i] / scale * 1e3) / 1e3);
        }
        shown[upper.length] = Double.POSITIVE_INFINITY;
    }

    /** Returns the bucket of {@code value}: the first whose bound is not below it. */
    int indexOf(long value) {
        long[] bounds = upper;
        int i = 0;
        while (i < bounds.length && value > bounds[i]) {
            i++;
        }
        return i;
    }

    int size() {
        return shown.length;
    }

    /** Returns one recorded unit in the unit exposed. */
    double scale() {
        return scale;
    }

    ClassicHistogramBuckets show(long[] counts) {
        return ClassicHistogramBuckets.of(shown, counts);
    }
}
