package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RecordingContextTest {
    private static final TraceContext PLACE =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, "");

    /**
     * A span that records nothing.
     *
     * @param context its place
     */
    private record NoSpan(TraceContext context) implements Tracer.TracedSpan {
        @Override
        public void attribute(String name, String value) {}

        @Override
        public void attribute(String name, long value) {}

        @Override
        public void end(String error) {}
    }

    @Test
    void sharesATracingThatTestsCanInstallATracerOn() throws Exception {
        try (RecordingContext context =
                RecordingContext.of(PluginDescriptor.of("stock").build(), new ManualTime())) {
            List<String> begun = new CopyOnWriteArrayList<>();
            Tracing tracing = context.resource(Tracing.KEY);
            Registration _ = tracing.install((_, name, _, _) -> {
                begun.add(name);
                return new NoSpan(PLACE);
            });

            String trace = tracing.call(
                    "SELECT stock",
                    () -> RequestContext.current().trace().orElseThrow().traceId());
            tracing.begin(SpanKind.CLIENT, "GET /stock", RequestContext.current())
                    .end("");

            assertThat(trace).isEqualTo(PLACE.traceId());
            assertThat(begun).containsExactly("SELECT stock", "GET /stock");
        }
    }

    @Test
    void theNextStartFindsTheSameTracing() {
        try (RecordingContext context =
                RecordingContext.of(PluginDescriptor.of("stock").build(), new ManualTime())) {
            Tracing tracing = context.resource(Tracing.KEY);

            context.stop();

            assertThat(context.resource(Tracing.KEY)).isSameAs(tracing);
        }
    }
}
