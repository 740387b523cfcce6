package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.Tracing;
import io.lynx.event.Topic;
import io.lynx.http.HttpServer;
import io.lynx.http.client.HttpClient;
import io.lynx.metrics.Exposition;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One request through two services and an event, as the collector of both receives it. */
class TraceChainTest {
    private static final Topic<String> READ = Topic.of("business", "stock.read", String.class);

    private final AtomicReference<PluginContext> orders = new AtomicReference<>();
    private final AtomicReference<PluginContext> inventory = new AtomicReference<>();
    private final AtomicReference<HttpClient> client = new AtomicReference<>();

    private final HttpServer stock = HttpServer.with(http -> http.get(
            "/orders/{id}/stock",
            (_, response) -> response.send(
                    client.get().get("/items/{item}", "A-17").send().text())));
    private final HttpServer items = HttpServer.with(http -> http.get("/items/{id}", (request, response) -> {
        var _ = inventory.get().events().publish(READ, request.path("id"));
        response.send("12");
    }));

    /** Keeps its context, and does some work for each event. */
    private record Keeper(String id, AtomicReference<PluginContext> context) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of(id).requires(OpenTelemetryPlugin.ID).build();
        }

        @Override
        public void start(PluginContext started) {
            context.set(started);
            Tracing tracing = started.resource(Tracing.KEY);
            var _ = started.events().subscribe(READ, item -> {
                String _ = tracing.call("SELECT stock", () -> item);
            });
        }
    }

    private static Application start(String name, HttpServer server, Plugin keeper, Collector collector) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", name)
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.metrics.exemplars", "true")
                .set("lynx.opentelemetry.traces.endpoint", collector.url())
                .set("lynx.opentelemetry.traces.delay", "50ms")
                .plugin(new OpenTelemetryPlugin())
                .plugin(server)
                .plugin(keeper)
                .build();
        application.start();
        return application;
    }

    private static Span span(Collector collector, Span.SpanKind kind, String beginning) {
        Await.until(kind + " span " + beginning, () -> collector.spans().stream()
                .anyMatch(span -> is(span, kind, beginning)));
        return collector.spans().stream()
                .filter(span -> is(span, kind, beginning))
                .findFirst()
                .orElseThrow();
    }

    private static boolean is(Span span, Span.SpanKind kind, String beginning) {
        return span.getKind() == kind && span.getName().startsWith(beginning);
    }

    private static void assertChild(Span child, Span parent) {
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(child.getParentSpanId()).as(child.getName()).isEqualTo(parent.getSpanId());
    }

    private static List<String> attributes(Span span) {
        return span.getAttributesList().stream()
                .map(each -> each.getKey() + "="
                        + (each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue()))
                .toList();
    }

    private static String service(Collector collector, Span span) {
        return collector.deliveries().stream()
                .flatMap(delivery -> delivery.message().getResourceSpansList().stream())
                .filter(resource -> resource.getScopeSpansList().stream()
                        .anyMatch(scope -> scope.getSpansList().contains(span)))
                .flatMap(resource -> resource.getResource().getAttributesList().stream())
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElseThrow();
    }

    private static String scrape(MetricRegistry registry, Exposition format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(registry.scrape(), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void oneRequestIsOneTrace() throws Exception {
        try (Collector collector = Collector.accepting();
                Application _ = start("orders", stock, new Keeper("shop", orders), collector);
                Application _ = start("inventory", items, new Keeper("store", inventory), collector);
                HttpClient calls = HttpClient.builder("inventory")
                        .url(items.url())
                        .connectTimeout(Duration.ofSeconds(20))
                        .build(orders.get());
                java.net.http.HttpClient caller = java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_1_1)
                        .build()) {
            client.set(calls);
            HttpRequest request = HttpRequest.newBuilder(URI.create(stock.url() + "/orders/7/stock?token=s3cret"))
                    .header("traceparent", "00-garbage")
                    .header("baggage", "k=" + "v".repeat(9000))
                    .build();

            HttpResponse<String> answer = caller.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("12");
            Span root = span(collector, Span.SpanKind.SPAN_KIND_SERVER, "GET /orders/{id}/stock");
            Span call = span(collector, Span.SpanKind.SPAN_KIND_INTERNAL, "call inventory");
            Span attempt = span(collector, Span.SpanKind.SPAN_KIND_CLIENT, "GET /items/{item}");
            Span inner = span(collector, Span.SpanKind.SPAN_KIND_SERVER, "GET /items/{id}");
            Span handler = span(collector, Span.SpanKind.SPAN_KIND_INTERNAL, "handle ");
            Span query = span(collector, Span.SpanKind.SPAN_KIND_INTERNAL, "SELECT stock");
            assertThat(root.getParentSpanId().isEmpty()).isTrue();
            assertChild(call, root);
            assertChild(attempt, call);
            assertChild(inner, attempt);
            assertChild(handler, inner);
            assertChild(query, handler);
            assertThat(service(collector, attempt)).isEqualTo("orders");
            assertThat(service(collector, inner)).isEqualTo("inventory");
            assertThat(attributes(root))
                    .contains(
                            "http.request.method=GET",
                            "http.route=/orders/{id}/stock",
                            "http.response.status_code=200",
                            "url.path=/orders/7/stock",
                            "url.scheme=http",
                            "server.address=127.0.0.1",
                            "network.protocol.version=1.1");
            assertThat(attributes(attempt))
                    .contains("url.full=" + items.url() + "/items/A-17", "http.response.status_code=200");
            assertThat(collector.deliveries().toString()).doesNotContain("s3cret");

            String traceId = HexFormat.of().formatHex(root.getTraceId().toByteArray());
            String spanId = HexFormat.of().formatHex(root.getSpanId().toByteArray());
            MetricRegistry registry = orders.get().metrics().registry();
            assertThat(scrape(registry, Exposition.of("application/openmetrics-text;version=1.0.0")))
                    .contains("# {span_id=\"" + spanId + "\",trace_id=\"" + traceId + "\"}");
            assertThat(scrape(registry, Exposition.text())).doesNotContain(traceId);
        }
    }
}
