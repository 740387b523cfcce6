package io.lynx.systemtest.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector to which services push their spans by OTLP. Thread-safe. */
public final class SpanCollector implements AutoCloseable {
    private static final String KIND = "SPAN_KIND_";

    /**
     * A span.
     *
     * @param service the name of the service that recorded it
     * @param kind such as {@code SERVER}
     * @param parent the id of the span around it; empty for none
     */
    record CollectedSpan(String service, String kind, String name, String trace, String id, String parent) {}

    private final ConcurrentLinkedQueue<CollectedSpan> spans = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    private SpanCollector(HttpServer server) {
        this.server = server;
    }

    public static SpanCollector start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SpanCollector collector = new SpanCollector(server);
        server.setExecutor(collector.threads);
        server.createContext("/v1/traces", collector::receive);
        server.start();
        return collector;
    }

    /** The URL that services are configured with. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            ExportTraceServiceRequest push =
                    ExportTraceServiceRequest.parseFrom(isZipped ? new GZIPInputStream(body) : body);
            push.getResourceSpansList().forEach(this::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void add(ResourceSpans resource) {
        String service = resource.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(KeyValue::getValue)
                .map(value -> value.getStringValue())
                .findFirst()
                .orElse("");
        HexFormat hex = HexFormat.of();
        resource.getScopeSpansList().forEach(scope -> scope.getSpansList().forEach(span -> {
            boolean _ = spans.add(new CollectedSpan(
                    service,
                    span.getKind().name().substring(KIND.length()),
                    span.getName(),
                    hex.formatHex(span.getTraceId().toByteArray()),
                    hex.formatHex(span.getSpanId().toByteArray()),
                    hex.formatHex(span.getParentSpanId().toByteArray())));
        }));
    }

    /**
     * Returns for each span of a trace the spans around it and itself, from the outermost to the innermost, such as {@code orders
     * SERVER GET /orders > orders CLIENT query page}. A span whose parent is neither {@code root} nor known begins with a question
     * mark.
     *
     * @param root the id of the span that began the trace, outside of the services
     */
    public List<String> paths(String trace, String root) {
        List<CollectedSpan> ofTrace =
                spans.stream().filter(span -> span.trace().equals(trace)).toList();
        return ofTrace.stream().map(span -> path(span, ofTrace, root)).toList();
    }

    private static String path(CollectedSpan span, List<CollectedSpan> all, String root) {
        String self = span.service() + " " + span.kind() + " " + span.name();
        if (span.parent().equals(root)) {
            return self;
        }
        String around = all.stream()
                .filter(other -> other.id().equals(span.parent()))
                .map(other -> path(other, all, root))
                .findFirst()
                .orElse("?");
        return around + " > " + self;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
