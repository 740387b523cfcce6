package io.lynx.opentelemetry;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes spans of the framework as an {@code ExportTraceServiceRequest} of OTLP. Not thread-safe.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/trace/v1/trace.proto">
 *     opentelemetry-proto, trace.proto</a>
 */
final class SpanMessage {
    /** The name of the instrumentation. */
    static final String SCOPE = "io.lynx";

    private static final String ERROR_TYPE = "error.type";
    private static final int USUAL_SIZE = 400;

    /** Spans of one part. A larger buffer would be allocated outside of the young generation. */
    private static final int PART = 256;

    private static final int ERROR = 2;
    private static final int SAMPLED = 0x1;
    private static final int KNOWS_WHETHER_PARENT_IS_REMOTE = 0x100;
    private static final int PARENT_IS_REMOTE = 0x200;

    private final Resource resource;
    private final ProtobufBuffer buffer;

    private SpanMessage(Resource resource, int spans) {
        this.resource = resource;
        this.buffer = new ProtobufBuffer(USUAL_SIZE * (spans + 2));
    }

    /** Returns the message in parts, to be sent one after the other; none, which is a message too, without spans. */
    static List<ProtobufBuffer> of(Resource resource, List<FrameworkSpan> spans) {
        List<ProtobufBuffer> parts = new ArrayList<>();
        for (int from = 0; from < spans.size(); from += PART) {
            List<FrameworkSpan> some = spans.subList(from, Math.min(from + PART, spans.size()));
            parts.add(new SpanMessage(resource, some.size()).write(some));
        }
        return parts;
    }

    private ProtobufBuffer write(List<FrameworkSpan> spans) {
        int end = buffer.size();
        for (FrameworkSpan span : spans.reversed()) {
            int spanEnd = buffer.size();
            span(span);
            buffer.message(2, spanEnd);
        }
        int scopeEnd = buffer.size();
        buffer.text(1, SCOPE);
        buffer.message(1, scopeEnd);
        buffer.message(2, end);
        int resourceEnd = buffer.size();
        resource.getAttributes().forEach((key, value) -> attribute(1, key.getKey(), String.valueOf(value)));
        buffer.message(1, resourceEnd);
        buffer.message(1, end);
        return buffer;
    }

    private void span(FrameworkSpan span) {
        TraceContext context = span.context();
        TraceContext parent = span.parent();
        buffer.fixed32(16, flags(span.kind().isCausedRemotely() && parent != null));
        if (!span.error().isEmpty()) {
            int statusEnd = buffer.size();
            buffer.varint(3, ERROR);
            buffer.message(15, statusEnd);
        }
        TraceContext link = span.link();
        if (link != null) {
            link(link);
        }
        if (!span.error().isEmpty()) {
            attribute(9, ERROR_TYPE, span.error());
        }
        span.attributesBackwards((name, value) -> attribute(9, name, value));
        buffer.fixed64(8, span.endedAt());
        buffer.fixed64(7, span.startedAt());
        buffer.varint(6, kind(span.kind()));
        buffer.text(5, span.name());
        if (parent != null) {
            buffer.hex(4, parent.spanId());
        }
        place(context);
    }

    /** Writes trace, span and state, which have the same numbers in a span and in a link. */
    private void place(TraceContext context) {
        if (!context.state().isEmpty()) {
            buffer.text(3, context.state());
        }
        buffer.hex(2, context.spanId());
        buffer.hex(1, context.traceId());
    }

    private void link(TraceContext link) {
        int end = buffer.size();
        buffer.fixed32(6, flags(false));
        place(link);
        buffer.message(13, end);
    }

    private static int flags(boolean isParentRemote) {
        return SAMPLED | KNOWS_WHETHER_PARENT_IS_REMOTE | (isParentRemote ? PARENT_IS_REMOTE : 0);
    }

    private static int kind(SpanKind kind) {
        return switch (kind) {
            case INTERNAL -> 1;
            case SERVER -> 2;
            case CLIENT -> 3;
            case PRODUCER -> 4;
            case CONSUMER -> 5;
        };
    }

    private void attribute(int field, String key, Object value) {
        int end = buffer.size();
        if (value instanceof Long number) {
            buffer.varint(3, number);
        } else {
            buffer.text(1, value.toString());
        }
        buffer.message(2, end);
        buffer.text(1, key);
        buffer.message(field, end);
    }
}
