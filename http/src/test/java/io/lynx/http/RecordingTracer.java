package io.lynx.http;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.lynx.testkit.Await;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A tracer that keeps the spans that have ended. */
final class RecordingTracer implements Tracer {
    private final AtomicLong ids = new AtomicLong();
    final List<RecordedSpan> ended = new CopyOnWriteArrayList<>();

    /** What a span was. */
    record RecordedSpan(
            SpanKind kind,
            String name,
            @Nullable TraceContext parent,
            TraceContext context,
            Map<String, Object> attributes,
            String error) {}

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        String id = String.format(Locale.ROOT, "%016x", ids.incrementAndGet());
        TraceContext context = new TraceContext(parent == null ? id + id : parent.traceId(), id, true, "");
        Map<String, Object> attributes = new ConcurrentHashMap<>();
        return new TracedSpan() {
            @Override
            public TraceContext context() {
                return context;
            }

            @Override
            public void attribute(String key, String value) {
                attributes.put(key, value);
            }

            @Override
            public void attribute(String key, long value) {
                attributes.put(key, value);
            }

            @Override
            public void end(String error) {
                ended.add(new RecordedSpan(kind, name, parent, context, attributes, error));
            }
        };
    }

    long count(SpanKind kind, String name) {
        return ended.stream()
                .filter(span -> span.kind() == kind && span.name().equals(name))
                .count();
    }

    RecordedSpan span(String name) {
        Await.until("span " + name, () -> ended.stream()
                .anyMatch(each -> each.name().equals(name)));
        return ended.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
