package io.lynx.opentelemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.lynx.testkit.Await;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A collector on the loopback that understands what it is sent, and misbehaves as told. */
final class Collector implements AutoCloseable {
    /** What a push brought. */
    record Push(String method, String path, Map<String, String> headers, ExportMetricsServiceRequest message) {
        Optional<Metric> metric(String name) {
            return message.getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .filter(metric -> metric.getName().equals(name))
                    .findFirst();
        }

        long count(String name) {
            return message.getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .filter(metric -> metric.getName().equals(name))
                    .count();
        }
    }

    /** What a push of spans brought. */
    record SpanDelivery(String path, Map<String, String> headers, ExportTraceServiceRequest message) {
        Stream<Span> spans() {
            return message.getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream());
        }
    }

    /** What it does once it has read a push. */
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Push> pushes = new LinkedBlockingQueue<>();
    private final List<SpanDelivery> deliveries = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour;

    Collector(Behaviour behaviour) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), behaviour);
    }

    private Collector(HttpServer server, Behaviour behaviour) {
        this.behaviour = behaviour;
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static Collector accepting() throws IOException {
        return new Collector(exchange -> exchange.sendResponseHeaders(200, -1));
    }

    /**
     * Accepts pushes by TLS.
     *
     * @param asks whether a client must have a certificate that {@code tls} trusts
     */
    static Collector secure(SSLContext tls, boolean asks) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters chosen = tls.getDefaultSSLParameters();
                chosen.setNeedClientAuth(asks);
                parameters.setSSLParameters(chosen);
            }
        });
        return new Collector(server, exchange -> exchange.sendResponseHeaders(200, -1));
    }

    /** Reads what it is sent, and then says nothing until it is closed. */
    static Collector hanging() throws IOException {
        return behaving((exchange, closed) -> closed.await());
    }

    /** Says that it is well, begins an answer, and never ends it. */
    static Collector dripping() throws IOException {
        return behaving((exchange, closed) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(0);
            exchange.getResponseBody().flush();
            closed.await();
        });
    }

    private interface Patient {
        void answer(HttpExchange exchange, CountDownLatch closed) throws IOException, InterruptedException;
    }

    private static Collector behaving(Patient patient) throws IOException {
        Collector collector = accepting();
        collector.behaviour = exchange -> patient.answer(exchange, collector.closed);
        return collector;
    }

    void behave(Behaviour other) {
        behaviour = other;
    }

    String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort();
    }

    /** Returns a socket that holds a port on which nobody listens, so that no other process gets it meanwhile. */
    static Socket closedPort() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    /** The next push; fails if there is none for twenty seconds. */
    Push next() throws InterruptedException {
        Push push = pushes.poll(20, TimeUnit.SECONDS);
        if (push == null) {
            throw new AssertionError("no push");
        }
        return push;
    }

    /** The pushes of spans, refused ones included. */
    List<SpanDelivery> deliveries() {
        return deliveries;
    }

    /** The spans that it was sent, those of refused pushes included. */
    List<Span> spans() {
        return deliveries.stream().flatMap(SpanDelivery::spans).toList();
    }

    /** Waits for a span whose name begins so. */
    Span span(String beginning) {
        Await.until("span " + beginning, () -> spans().stream()
                .anyMatch(span -> span.getName().startsWith(beginning)));
        return spans().stream()
                .filter(span -> span.getName().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    boolean isEmpty() {
        return pushes.isEmpty();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            byte[] message = (isZipped ? new GZIPInputStream(body) : body).readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            if (path.endsWith("traces")) {
                deliveries.add(new SpanDelivery(path, headers, ExportTraceServiceRequest.parseFrom(message)));
            } else {
                pushes.add(new Push(
                        exchange.getRequestMethod(), path, headers, ExportMetricsServiceRequest.parseFrom(message)));
            }
            behaviour.answer(exchange);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
