package io.lynx.opentelemetry;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records the framework's spans: a sampler of the SDK decides which, and they are passed on when they end. Thread-safe. */
final class SpanTracer implements Tracer {
    private final Sampler sampler;
    private final Clock clock;
    private final Consumer<EndedSpan> whenEnded;

    SpanTracer(Sampler sampler, Clock clock, Consumer<EndedSpan> whenEnded) {
        this.sampler = sampler;
        this.clock = clock;
        this.whenEnded = whenEnded;
    }

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        String traceId = parent == null ? SpanIds.trace() : parent.traceId();
        boolean isSampled = isSampled(traceId, kind, name, parent, link);
        TraceContext context =
                new TraceContext(traceId, SpanIds.span(), isSampled, parent == null ? "" : parent.state());
        return isSampled
                ? new FrameworkSpan(context, kind, name, parent, link, clock, whenEnded)
                : new Unrecorded(context);
    }

    private boolean isSampled(
            String traceId, SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        Context outer = parent == null ? Context.root() : contextOf(parent, kind.isCausedRemotely());
        List<LinkData> links = link == null ? List.of() : List.of(LinkData.create(spanContext(link, false)));
        return sampler.shouldSample(outer, traceId, name, kindOf(kind), Attributes.empty(), links)
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private static io.opentelemetry.api.trace.SpanKind kindOf(SpanKind kind) {
        return switch (kind) {
            case SERVER -> io.opentelemetry.api.trace.SpanKind.SERVER;
            case CLIENT -> io.opentelemetry.api.trace.SpanKind.CLIENT;
            case INTERNAL -> io.opentelemetry.api.trace.SpanKind.INTERNAL;
            case PRODUCER -> io.opentelemetry.api.trace.SpanKind.PRODUCER;
            case CONSUMER -> io.opentelemetry.api.trace.SpanKind.CONSUMER;
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

    /**
     * A span that is not recorded, and only has a place in its trace.
     *
     * @param context its place
     */
    private record Unrecorded(TraceContext context) implements TracedSpan {
        @Override
        public void attribute(String name, String value) {}

        @Override
        public void attribute(String name, long value) {}

        @Override
        public void end(String error) {}
    }
}
