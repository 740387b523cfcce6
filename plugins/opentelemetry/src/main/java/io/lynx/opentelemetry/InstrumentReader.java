package io.lynx.opentelemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Collection;

/**
 * Reads the instruments of OpenTelemetry for each scrape and each push. All values are cumulative, so that scrapes and
 * pushes do not affect each other. Thread-safe.
 */
final class InstrumentReader implements MetricReader {
    private final boolean hasNativeHistograms;
    private volatile CollectionRegistration instruments = CollectionRegistration.noop();

    /**
     * Creates a reader without instruments.
     *
     * @param hasNativeHistograms whether histograms have exponential buckets, unless a view selects others
     */
    InstrumentReader(boolean hasNativeHistograms) {
        this.hasNativeHistograms = hasNativeHistograms;
    }

    /** Returns the present values of all instruments. */
    Collection<MetricData> read() {
        return instruments.collectAllMetrics();
    }

    @Override
    public void register(CollectionRegistration registration) {
        instruments = registration;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public Aggregation getDefaultAggregation(InstrumentType type) {
        return hasNativeHistograms && type == InstrumentType.HISTOGRAM
                ? Aggregation.base2ExponentialBucketHistogram()
                : Aggregation.defaultAggregation();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        instruments = CollectionRegistration.noop();
        return CompletableResultCode.ofSuccess();
    }
}
