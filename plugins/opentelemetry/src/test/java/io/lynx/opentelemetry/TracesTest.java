package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Spans as a collector receives them, and collectors that are down, slow, overloaded or broken. */
final class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final AtomicReference<PluginContext> orders = new AtomicReference<>();

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
        }
    }

    private Application start(String url, String... settings) {
        Application.Builder builder = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.timeout", "10s")
                .set("lynx.opentelemetry.traces.delay", "100ms")
                .set("lynx.opentelemetry.traces.endpoint", url)
                .plugin(new Orders());
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        Application application = builder.build();
        application.start();
        return application;
    }

    private String work() {
        try {
            return orders.get().resource(Tracing.KEY).call("place order", () -> RequestContext.current()
                    .trace()
                    .map(TraceContext::traceparent)
                    .orElse(""));
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private double count(String reason) {
        return orders.get()
                .metrics()
                .registry()
                .counter(OpenTelemetryPlugin.SPANS_DROPPED, reason)
                .count();
    }

    /** Does much work and asserts that none of it waits for the collector. */
    private void workAtFullSpeed() {
        long began = System.nanoTime();
        for (int i = 0; i < 2000; i++) {
            assertThat(work()).isNotEmpty();
        }
        // Two thousand times the least wait for a collector would be far more.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    private static void stopInTime(Application application) throws InterruptedException {
        long began = System.nanoTime();
        ShutdownReport _ = application.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void describesTheServiceAndTheSpan() throws Exception {
        try (Collector collector = Collector.accepting();
                Application _ = start(
                        collector.url(),
                        "lynx.opentelemetry.traces.headers.x-tenant",
                        "orders",
                        "lynx.opentelemetry.traces.compression",
                        "gzip",
                        "lynx.opentelemetry.resource.team",
                        "blue",
                        "lynx.opentelemetry.standard.service_name",
                        "shop-eu",
                        "lynx.opentelemetry.standard.resource_attributes",
                        "team=red,zone=a%20b,service.name=other")) {
            String traceparent = work();

            Span span = collector.span("place order");
            assertThat(traceparent).contains(hex(span.getTraceId()), hex(span.getSpanId()));
            assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
            assertThat(span.getParentSpanId().isEmpty()).isTrue();
            assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
            Collector.SpanDelivery delivery = collector.deliveries().getFirst();
            assertThat(delivery.path()).isEqualTo("/v1/traces");
            assertThat(delivery.headers())
                    .containsEntry("Content-type", "application/x-protobuf")
                    .containsEntry("Content-encoding", "gzip")
                    .containsEntry("X-tenant", "orders");
            List<KeyValue> resource =
                    delivery.message().getResourceSpans(0).getResource().getAttributesList();
            assertThat(resource)
                    .extracting(each -> each.getKey() + "=" + each.getValue().getStringValue())
                    .contains("service.name=shop-eu", "service.version=1.2.3", "team=blue", "zone=a b");
            assertThat(collector.span("start orders").getParentSpanId().isEmpty())
                    .isTrue();
        }
    }

    @Test
    void onePushHasSpansOfTheFrameworkAndOfUsers() throws Exception {
        try (Collector collector = Collector.accepting();
                Application application = start(collector.url(), "lynx.opentelemetry.traces.delay", "1m")) {
            String traceparent = orders.get().resource(Tracing.KEY).call("place order", () -> {
                orders.get()
                        .resource(OpenTelemetryPlugin.OPEN_TELEMETRY)
                        .getTracer("prices", "2.0")
                        .spanBuilder("convert")
                        .startSpan()
                        .setAttribute("currency", "EUR")
                        .setAttribute(AttributeKey.doubleArrayKey("rates"), List.of(1.5, 2.5))
                        .addEvent("rounded")
                        .end();
                return work();
            });
            ShutdownReport _ = application.stop();

            Span order = collector.span("place order");
            Span convert = collector.span("convert");
            Collector.SpanDelivery delivery = collector.deliveries().getFirst();
            assertThat(delivery.spans()).extracting(Span::getName).contains("place order", "convert");
            assertThat(delivery.message().getResourceSpansList())
                    .hasSize(2)
                    .extracting(each -> Set.copyOf(each.getResource().getAttributesList()))
                    .containsOnly(Set.copyOf(
                            delivery.message().getResourceSpans(0).getResource().getAttributesList()));
            assertThat(traceparent).contains(hex(convert.getTraceId()));
            assertThat(collector.spans())
                    .filteredOn(span -> span.getSpanId().equals(convert.getParentSpanId()))
                    .extracting(Span::getName)
                    .containsExactly("place order");
            assertThat(order.getAttributesList()).isEmpty();
            assertThat(convert.getAttributesCount()).isEqualTo(2);
            assertThat(convert.getEvents(0).getName()).isEqualTo("rounded");
        }
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Test
    void namesTheTypeOfAFailureAndNeverItsMessage() throws Exception {
        try (Collector collector = Collector.accepting();
                Application _ = start(collector.url())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> orders.get().resource(Tracing.KEY).call("fail", () -> {
                        throw new IllegalStateException("s3cret");
                    }));

            Span span = collector.span("fail");
            assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(span.getAttributesList())
                    .extracting(each -> each.getKey() + "=" + each.getValue().getStringValue())
                    .containsExactly("error.type=java.lang.IllegalStateException");
            assertThat(span.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void obeysTheCallersDecision() throws Exception {
        try (Collector collector = Collector.accepting();
                Application _ = start(collector.url(), "lynx.opentelemetry.traces.ratio", "0")) {
            RequestContext recorded = RequestContext.current().withTrace(new TraceContext(TRACE, SPAN, true, "a=b"));
            RequestContext silent = RequestContext.current().withTrace(new TraceContext(TRACE, SPAN, false, ""));

            assertThat(work()).endsWith("-00");
            assertThat(silent.call(this::work)).startsWith("00-" + TRACE).endsWith("-00");
            assertThat(recorded.call(this::work)).startsWith("00-" + TRACE).endsWith("-01");

            Span span = collector.span("place order");
            assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(span.getParentSpanId())).isEqualTo(SPAN);
            assertThat(span.getTraceState()).isEqualTo("a=b");
            assertThat(collector.spans()).extracting(Span::getName).containsExactly("place order");
        }
    }

    @Test
    void pushesWhatIsLeftAtTheShutdown() throws Exception {
        try (Collector collector = Collector.accepting();
                Application application = start(collector.url(), "lynx.opentelemetry.traces.delay", "1m")) {
            String _ = work();

            ShutdownReport report = application.stop();

            assertThat(report.isClean()).isTrue();
            assertThat(collector.spans()).extracting(Span::getName).contains("place order", "stop orders");
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
            try (Application _ = start(collector.url())) {
                Await.until("the batch is repeated", () -> collector.spans().stream()
                        .collect(Collectors.groupingBy(Span::getSpanId, Collectors.counting()))
                        .containsValue(2L));
            }
        }
    }

    @Test
    void aHangingCollectorHoldsUpNothing() throws Exception {
        try (Collector collector = Collector.hanging();
                Application application = start(
                        collector.url(),
                        "lynx.opentelemetry.traces.queue_size",
                        "64",
                        "lynx.opentelemetry.traces.timeout",
                        "1s")) {
            workAtFullSpeed();

            assertThat(count("queue_full")).isPositive();
            stopInTime(application);
            assertThat(count("shutdown") + count("push_failed")).isPositive();
        }
    }

    @Test
    void anAnswerThatNeverEndsHoldsUpNothing() throws Exception {
        try (Collector collector = Collector.dripping();
                Application application = start(collector.url(), "lynx.opentelemetry.traces.timeout", "1s")) {
            workAtFullSpeed();

            stopInTime(application);
        }
    }

    @Test
    void aCollectorThatIsDownHoldsUpNothing() throws Exception {
        try (Socket closed = Collector.closedPort();
                Application application = start(
                        "http://localhost:" + closed.getLocalPort(), "lynx.opentelemetry.traces.queue_size", "64")) {
            workAtFullSpeed();

            assertThat(count("queue_full")).isPositive();
            stopInTime(application);
            assertThat(count("shutdown")).isPositive();
        }
    }

    @Test
    void aCollectorThatRefusesEverythingHoldsUpNothing() throws Exception {
        try (Collector collector = new Collector(exchange -> exchange.sendResponseHeaders(400, -1));
                Application application = start(collector.url())) {
            workAtFullSpeed();

            Await.until("spans are refused", () -> count("refused") > 0);
            stopInTime(application);
        }
    }

    @Test
    void garbageInTheAnswerHoldsUpNothing() throws Exception {
        byte[] garbage = new byte[200_000];
        new Random(1).nextBytes(garbage);
        try (Collector collector = new Collector(exchange -> {
                    exchange.sendResponseHeaders(200, garbage.length);
                    exchange.getResponseBody().write(garbage);
                });
                Application application = start(collector.url())) {
            workAtFullSpeed();

            Await.until("spans arrive", () -> !collector.spans().isEmpty());
            stopInTime(application);
        }
    }

    @Test
    void aServerThatIsNotACollectorHoldsUpNothing() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            Thread _ = Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket connection = server.accept()) {
                        connection
                                .getOutputStream()
                                .write("SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException closed) {
                        // The client has gone, or the test is over.
                    }
                }
            });
            try (Application application = start("http://localhost:" + server.getLocalPort())) {
                workAtFullSpeed();

                stopInTime(application);
                assertThat(count("shutdown") + count("push_failed") + count("queue_full"))
                        .isPositive();
            }
        }
    }
}
