package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.context.Tracing;
import io.lynx.event.Topic;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Spans as a collector receives them, and collectors that are down, slow or overloaded. */
final class TracesTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);

    private final AtomicReference<PluginContext> orders = new AtomicReference<>();

    /** Handles the events of its own orders. */
    private final class Orders implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders")
                    .requires(OpenTelemetryPlugin.ID)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            orders.set(context);
            var _ = context.events().subscribe(PLACED, _ -> {});
        }
    }

    private Application start(Collector collector, String... settings) {
        Application.Builder builder = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.opentelemetry.traces.enabled", "true")
                .set("lynx.opentelemetry.traces.delay", "100ms")
                .set("lynx.opentelemetry.traces.endpoint", collector.url())
                .plugin(new Orders());
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        Application application = builder.build();
        application.start();
        return application;
    }

    private void placeOrder() throws Exception {
        PluginContext context = orders.get();
        String _ = context.resource(Tracing.KEY).call("place order", () -> {
            var _ = context.events().publish(PLACED, "o-1");
            return "placed";
        });
    }

    private static Span span(Collector collector, String beginning) throws Exception {
        Await.until(
                "span " + beginning,
                () -> collector.spans().stream().anyMatch(span -> span.getName().startsWith(beginning)));
        return collector.spans().stream()
                .filter(span -> span.getName().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void putsTheHandlerOfAnEventUnderTheSpanOfItsPublisher() throws Exception {
        try (Collector collector = Collector.accepting();
                Application _ = start(collector)) {
            placeOrder();

            Span publisher = span(collector, "place order");
            Span handler = span(collector, "handle ");
            assertThat(publisher.getParentSpanId().isEmpty()).isTrue();
            assertThat(handler.getTraceId()).isEqualTo(publisher.getTraceId());
            assertThat(handler.getParentSpanId()).isEqualTo(publisher.getSpanId());
            assertThat(span(collector, "start orders").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
        }
    }

    @Test
    void pushesWhatIsLeftAtTheShutdown() throws Exception {
        try (Collector collector = Collector.accepting();
                Application application = start(collector, "lynx.opentelemetry.traces.delay", "1m")) {
            placeOrder();

            ShutdownReport report = application.stop();

            assertThat(report.isClean()).isTrue();
            assertThat(collector.spans()).extracting(Span::getName).contains("place order");
        }
    }

    @Test
    void repeatsABatchThatAnOverloadedCollectorRefused() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (Collector collector = Collector.accepting()) {
            collector.behave(exchange -> {
                if (answers.getAndIncrement() == 0) {
                    exchange.getResponseHeaders().add("Retry-After", "1");
                    exchange.sendResponseHeaders(429, -1);
                } else {
                    exchange.sendResponseHeaders(200, -1);
                }
            });
            try (Application _ = start(collector)) {
                Await.until("repeated span", () -> collector.spans().stream()
                                .filter(span -> span.getName().equals("start orders"))
                                .count()
                        == 2);
            }
        }
    }

    @Test
    void dropsSpansWhileTheCollectorHangsAndStopsInTime() throws Exception {
        try (Collector collector = Collector.hanging();
                Application application = start(
                        collector,
                        "lynx.opentelemetry.traces.queue_size",
                        "64",
                        "lynx.opentelemetry.traces.timeout",
                        "500ms",
                        "lynx.shutdown.timeout",
                        "10s")) {
            for (int i = 0; i < 1000; i++) {
                placeOrder();
            }

            assertThat(orders.get()
                            .metrics()
                            .registry()
                            .counter(OpenTelemetryPlugin.SPANS_DROPPED, "queue_full")
                            .count())
                    .isPositive();
            long began = System.nanoTime();
            ShutdownReport _ = application.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
