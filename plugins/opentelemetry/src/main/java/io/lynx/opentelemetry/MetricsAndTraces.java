package io.lynx.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;

/** An {@link OpenTelemetry} that records metrics, and traces if its provider does, and no logs. */
record MetricsAndTraces(MeterProvider meters, TracerProvider tracers) implements OpenTelemetry {
    @Override
    public MeterProvider getMeterProvider() {
        return meters;
    }

    @Override
    public TracerProvider getTracerProvider() {
        return tracers;
    }

    @Override
    public ContextPropagators getPropagators() {
        return ContextPropagators.noop();
    }
}
