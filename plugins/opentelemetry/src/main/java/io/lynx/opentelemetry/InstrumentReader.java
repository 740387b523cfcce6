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
 * Reads the instruments of OpenTelemetry whenever somebody looks: a scrape or a push. What it reads is cumulative, so that
 * two who look do not take anything from each other. Thread-safe.
 */
final class InstrumentReader implements MetricReader {
    private final boolean hasNativeHistograms;
    private volatile CollectionRegistration instruments = CollectionRegistration.noop();

    /**
     * Of no instruments as yet.
     *
     * @param hasNativeHistograms whether histograms have exponential buckets unless a view says otherwise
     */
    InstrumentReader(boolean hasNativeHistograms) {
        this.hasNativeHistograms = hasNativeHistograms;
    }

    /** All instruments as they are now. */
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
