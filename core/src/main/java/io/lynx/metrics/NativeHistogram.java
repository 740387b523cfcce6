package io.lynx.metrics;

import io.lynx.metrics.Metric.Unit;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A histogram whose exponential buckets the Prometheus library creates as values arrive; slower than fixed ones. */
final class NativeHistogram implements Histogram {
    private final DistributionDataPoint point;
    private final double scale;
    private final LongAdder negatives;
    private final boolean takesExemplars;

    NativeHistogram(DistributionDataPoint point, Unit unit, LongAdder negatives, boolean takesExemplars) {
        this.point = point;
        this.scale = unit.scale();
        this.negatives = negatives;
        this.takesExemplars = takesExemplars;
    }

    @Override
    public void record(long value) {
        point.observe(shown(value));
    }

    @Override
    public void record(long value, @Nullable String traceId, @Nullable String spanId) {
        Labels trace = takesExemplars ? Traces.labels(traceId, spanId) : null;
        if (trace == null) {
            record(value);
        } else {
            point.observeWithExemplar(shown(value), trace);
        }
    }

    private double shown(long value) {
        if (value < 0) {
            negatives.increment();
        }
        return Math.clamp(value, 0, FixedHistogram.MOST) * scale;
    }

    @Override
    public long count() {
        return point.getCount();
    }

    @Override
    public double sum() {
        return point.getSum();
    }
}
