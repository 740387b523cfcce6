package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.Tracing;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on tracing. */
final class TracingGuideTest {
    private final AtomicReference<PluginContext> started = new AtomicReference<>();

    private final class Prices implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("prices")
                    .requires(OpenTelemetryPlugin.ID)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            started.set(context);
        }
    }

    private static Map<String, Long> query(String item) {
        return Map.of(item, 4200L);
    }

    @Test
    void recordsSpansOfItsOwn() throws Exception {
        try (Collector collector = Collector.accepting()) {
            try (Application application = Application.builder()
                    .set("lynx.application.name", "shop")
                    .set("lynx.application.version", "1.0.0")
                    .set("lynx.opentelemetry.traces.enabled", "true")
                    .set("lynx.opentelemetry.traces.endpoint", collector.url())
                    .plugin(new Prices())
                    .build()) {
                application.start();
                PluginContext context = started.get();

                // snippet: tracing-call
                Tracing tracing = context.resource(Tracing.KEY);
                Map<String, Long> prices = tracing.call("SELECT prices", () -> query("A-17"));
                // end

                // snippet: tracing-opentelemetry
                Tracer tracer =
                        context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY).getTracer("prices");
                Span span = tracer.spanBuilder("convert currency").startSpan();
                try {
                    span.setAttribute("currency", "EUR");
                } finally {
                    span.end();
                }
                // end

                assertThat(prices).containsKey("A-17");
            }
            assertThat(collector.spans())
                    .extracting(io.opentelemetry.proto.trace.v1.Span::getName)
                    .contains("SELECT prices", "convert currency");
        }
    }
}
