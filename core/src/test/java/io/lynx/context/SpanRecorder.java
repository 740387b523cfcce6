package io.lynx.context;

import io.lynx.testkit.Await;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A tracer that keeps the spans that have ended. */
public final class SpanRecorder implements Tracer {
    private final AtomicLong ids = new AtomicLong();
    private final List<EndedSpan> ended = new CopyOnWriteArrayList<>();
    private final boolean isSampled;

    /** What a span was. */
    public record EndedSpan(
            SpanKind kind,
            String name,
            @Nullable TraceContext parent,
            @Nullable TraceContext link,
            TraceContext context,
            Map<String, Object> attributes,
            String error) {}

    /** A recorder whose spans are sampled. */
    public SpanRecorder() {
        this(true);
    }

    SpanRecorder(boolean isSampled) {
        this.isSampled = isSampled;
    }

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        String id = String.format(Locale.ROOT, "%016x", ids.incrementAndGet());
        TraceContext context = new TraceContext(parent == null ? id + id : parent.traceId(), id, isSampled, "");
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
                ended.add(new EndedSpan(kind, name, parent, link, context, attributes, error));
            }
        };
    }

    /** Returns the spans that have ended. */
    public List<EndedSpan> ended() {
        return List.copyOf(ended);
    }

    /** Waits for the end of a number of spans and returns them. */
    public List<EndedSpan> await(int count) {
        Await.until(count + " spans have ended", () -> ended.size() >= count);
        return ended();
    }
}
