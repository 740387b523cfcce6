package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps the spans that have ended in one application, whose plugin it gives. Thread-safe. */
final class KeptSpans implements Tracer {
    /** The trace of spans that have no parent. */
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    final List<KeptSpan> ended = new CopyOnWriteArrayList<>();
    private final AtomicReference<Tracing> tracing = new AtomicReference<>();

    /** What a span was. */
    record KeptSpan(
            SpanKind kind, String name, @Nullable TraceContext parent, Map<String, Object> attributes, String error) {}

    /** Installs the tracer. */
    private final class Installing implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("tracer").build();
        }

        @Override
        public void start(PluginContext context) {
            Tracing shared = context.resource(Tracing.KEY);
            tracing.set(shared);
            Registration _ = context.own(shared.install(KeptSpans.this));
        }
    }

    Plugin plugin() {
        return new Installing();
    }

    Tracing tracing() {
        return tracing.get();
    }

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        TraceContext context =
                new TraceContext(parent == null ? TRACE : parent.traceId(), "00f067aa0ba902b7", true, "");
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
                ended.add(new KeptSpan(kind, name, parent, attributes, error));
            }
        };
    }

    KeptSpan await(String name) {
        return await(SpanKind.SERVER, name);
    }

    KeptSpan await(SpanKind kind, String name) {
        Await.until("span " + name, () -> find(kind, name) != null);
        KeptSpan found = find(kind, name);
        assertThat(found).isNotNull();
        return found;
    }

    private @Nullable KeptSpan find(SpanKind kind, String name) {
        return ended.stream()
                .filter(span -> span.kind() == kind && span.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
