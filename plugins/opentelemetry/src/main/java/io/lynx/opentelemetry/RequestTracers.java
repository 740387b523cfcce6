package io.lynx.opentelemetry;

import io.lynx.context.RequestContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;

/**
 * Tracers for the code of users: a span that is begun without a parent of OpenTelemetry's own becomes a child of the span of the
 * request that the thread works for. Thread-safe.
 */
record RequestTracers(TracerProvider provider) implements TracerProvider {
    @Override
    public Tracer get(String scope) {
        return inRequest(provider.get(scope));
    }

    @Override
    public Tracer get(String scope, String version) {
        return inRequest(provider.get(scope, version));
    }

    private static Tracer inRequest(Tracer tracer) {
        return name -> {
            SpanBuilder builder = tracer.spanBuilder(name);
            if (!Span.fromContext(Context.current()).getSpanContext().isValid()) {
                RequestContext.current()
                        .trace()
                        .ifPresent(trace -> builder.setParent(SpanTracer.contextOf(trace, false)));
            }
            return builder;
        };
    }
}
