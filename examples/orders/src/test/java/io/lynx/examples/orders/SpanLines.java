package io.lynx.examples.orders;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes each span that ends as one line: its kind, name, attributes and error.
 *
 * @param lines receives them
 */
record SpanLines(List<String> lines) implements Tracer {
    static final TraceContext CONTEXT =
            new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, "");

    @Override
    public TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        Map<String, Object> attributes = new TreeMap<>();
        return new TracedSpan() {
            @Override
            public TraceContext context() {
                return CONTEXT;
            }

            @Override
            public void attribute(String key, String value) {
                var _ = attributes.put(key, value);
            }

            @Override
            public void attribute(String key, long value) {
                var _ = attributes.put(key, value);
            }

            @Override
            public void end(String error) {
                lines.add(kind + " " + name + " " + attributes + " " + error);
            }
        };
    }
}
