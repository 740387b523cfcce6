package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.util.List;

/** The buckets of a histogram, in what is recorded and in what is shown. Immutable; one for all series of a metric. */
final class Bounds {
    private final long[] upper;
    private final double[] shown;
    private final double scale;

    /** Those of {@code metric}; one without end is added. */
    Bounds(Metric metric) {
        List<Double> bounds = metric.buckets();
        this.scale = metric.unit().scale();
        this.upper = new long[bounds.size()];
        this.shown = new double[bounds.size() + 1];
        for (int i = 0; i < upper.length; i++) {
            shown[i] = bounds.get(i);
            // A thousandth is far more than what .0001 / 1e-9 is off, and far less than the 1 that tells values apart.
            upper[i] = (long) Math.floor(Math.rint(shown[i] / scale * 1e3) / 1e3);
        }
        shown[upper.length] = Double.POSITIVE_INFINITY;
    }

    /** The bucket of {@code value}: the first whose bound is not below it. */
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

    /** What one recorded unit is in the unit shown. */
    double scale() {
        return scale;
    }

    ClassicHistogramBuckets show(long[] counts) {
        return ClassicHistogramBuckets.of(shown, counts);
    }
}
