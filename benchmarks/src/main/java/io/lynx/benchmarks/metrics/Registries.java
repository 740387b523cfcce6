package io.lynx.benchmarks.metrics;

import io.lynx.config.Binding;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricsConfig;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

/** The registries of the libraries, with their defaults. */
final class Registries {
    private Registries() {}

    static MetricRegistry lynx() {
        return new MetricRegistry(Binding.defaults(MetricsConfig.class));
    }

    /** Returns a provider with a cumulative reader, as for a scrape; without a reader it records nothing. */
    static Meter openTelemetry() {
        return SdkMeterProvider.builder()
                .registerMetricReader(new Reader())
                .build()
                .get("benchmark");
    }

    private static final class Reader implements MetricReader {
        @Override
        public void register(CollectionRegistration registration) {}

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
