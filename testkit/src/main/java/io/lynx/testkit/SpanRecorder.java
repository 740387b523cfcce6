package io.lynx.testkit;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps the spans that have begun, for a test. Thread-safe. */
final class SpanRecorder implements Tracer {
    private final AtomicLong numbers = new AtomicLong();
    private final List<Recorded> spans = new CopyOnWriteArrayList<>();

    /** A span. Thread-safe. */
    static final class Recorded implements TracedSpan {
        private final SpanKind kind;
        private final @Nullable TraceContext parent;
        private final TraceContext context;
        private final Map<String, String> attributes = new ConcurrentHashMap<>();
        private volatile @Nullable String error;

        private Recorded(SpanKind kind, @Nullable TraceContext parent, TraceContext context) {
            this.kind = kind;
            this.parent = parent;
            this.context = context;
        }

        /** Returns whether it stands for a call of another process, directly inside of that span. */
        boolean isCallIn(TraceContext around) {
            return (kind == SpanKind.CLIENT || kind == SpanKind.PRODUCER) && around.equals(parent);
        }

        Map<String, String> attributes() {
            return Map.copyOf(attributes);
        }

        /** Returns the type of its failure, which is empty if it succeeded; null while it has not ended. */
        @Nullable
        String error() {
            return error;
        }

        @Override
        public TraceContext context() {
            return context;
        }

        @Override
        public void attribute(String name, String value) {
            attributes.put(name, value);
        }

        @Override
        public void attribute(String name, long value) {
            attributes.put(name, Long.toString(value));
        }

        @Override
        public void end(String type) {
            error = type;
        }
    }

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        long number = numbers.incrementAndGet();
        String trace = parent == null ? String.format(Locale.ROOT, "%032x", number) : parent.traceId();
        String id = String.format(Locale.ROOT, "%016x", number);
        Recorded span = new Recorded(kind, parent, new TraceContext(trace, id, true, ""));
        spans.add(span);
        return span;
    }

    List<Recorded> spans() {
        return List.copyOf(spans);
    }
}
