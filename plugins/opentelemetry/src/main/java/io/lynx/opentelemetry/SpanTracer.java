package io.lynx.opentelemetry;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Records the framework's spans by OpenTelemetry. Thread-safe. */
final class SpanTracer implements Tracer {
    private static final String SCOPE = "io.lynx";
    private static final String ERROR_TYPE = "error.type";

    private final io.opentelemetry.api.trace.Tracer tracer;

    SpanTracer(TracerProvider provider) {
        this.tracer = provider.get(SCOPE);
    }

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kindOf(kind));
        if (parent == null) {
            builder.setNoParent();
        } else {
            builder.setParent(contextOf(parent, kind == SpanKind.SERVER));
        }
        if (link != null) {
            builder.addLink(spanContext(link, false));
        }
        return new Recorded(builder.startSpan());
    }

    private static io.opentelemetry.api.trace.SpanKind kindOf(SpanKind kind) {
        return switch (kind) {
            case SERVER -> io.opentelemetry.api.trace.SpanKind.SERVER;
            case CLIENT -> io.opentelemetry.api.trace.SpanKind.CLIENT;
            case INTERNAL -> io.opentelemetry.api.trace.SpanKind.INTERNAL;
        };
    }

    /** Returns a context of OpenTelemetry whose span is that one. */
    static Context contextOf(TraceContext trace, boolean isRemote) {
        return Context.root().with(Span.wrap(spanContext(trace, isRemote)));
    }

    private static SpanContext spanContext(TraceContext trace, boolean isRemote) {
        TraceFlags flags = trace.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
        TraceState state = traceState(trace.state());
        return isRemote
                ? SpanContext.createFromRemoteParent(trace.traceId(), trace.spanId(), flags, state)
                : SpanContext.create(trace.traceId(), trace.spanId(), flags, state);
    }

    /** The builder puts each member before those that it has. */
    private static TraceState traceState(String text) {
        if (text.isEmpty()) {
            return TraceState.getDefault();
        }
        TraceStateBuilder builder = TraceState.builder();
        String[] members = text.split(",", -1);
        for (int i = members.length - 1; i >= 0; i--) {
            int equals = members[i].indexOf('=');
            if (equals > 0) {
                builder.put(members[i].substring(0, equals), members[i].substring(equals + 1));
            }
        }
        return builder.build();
    }

    private static TraceContext traceContext(SpanContext context) {
        TraceState state = context.getTraceState();
        return new TraceContext(
                context.getTraceId(), context.getSpanId(), context.isSampled(), state.isEmpty() ? "" : text(state));
    }

    private static String text(TraceState state) {
        StringJoiner members = new StringJoiner(",");
        state.forEach((key, value) -> members.add(key + "=" + value));
        return members.toString();
    }

    /** A span of the SDK. */
    private static final class Recorded implements TracedSpan {
        private final Span span;
        private final TraceContext context;

        Recorded(Span span) {
            this.span = span;
            this.context = traceContext(span.getSpanContext());
        }

        @Override
        public TraceContext context() {
            return context;
        }

        @Override
        public void attribute(String name, String value) {
            span.setAttribute(name, value);
        }

        @Override
        public void attribute(String name, long value) {
            span.setAttribute(name, value);
        }

        @Override
        public void end(String error) {
            if (!error.isEmpty()) {
                span.setAttribute(ERROR_TYPE, error);
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
