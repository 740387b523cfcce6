package io.lynx.systemtest.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lynx.config.Host;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.http.client.HttpClientPlugin;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.metrics.MetricsConfig;
import io.lynx.opentelemetry.OpenTelemetryPlugin;
import io.lynx.redis.RedisPlugin;
import io.lynx.security.http.SecurityPlugin;
import io.lynx.transport.TlsMetrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A target that has a series of every metric of the framework and of its plugins, and those of the JVM. Its counters count on at each scrape, so
 * that rates are not zero; what it shows can be set. Thread-safe.
 */
final class CatalogueService implements AutoCloseable {
    private static final double STEP = 5;

    /** The names of the runtime belong to the framework, so they have a registry of their own here. */
    private final PrometheusRegistry runtime = new PrometheusRegistry();

    /** 10 ms, or 10 MB. */
    private static final long HISTOGRAM_VALUE = 10_000_000;

    /** What stands for labels; several values make several series. */
    private static final Map<String, List<String>> LABELS = Map.ofEntries(
            Map.entry("plugin_name", List.of("MySQL")),
            Map.entry("plugin_id", List.of("db.mysql")),
            Map.entry("breaker_name", List.of("payments")),
            Map.entry("check_name", List.of("mysql")),
            Map.entry("event_type", List.of("order.placed")),
            Map.entry("bus_type", List.of("business-bus")),
            Map.entry("subscriber", List.of("mailer")),
            Map.entry("method", List.of("GET")),
            Map.entry("path", List.of("/orders")),
            Map.entry("status_code", List.of("200", "500")),
            Map.entry("protocol", List.of("http")),
            Map.entry("type", List.of("active", "pending")),
            Map.entry("outcome", List.of("recovered", "failed")));

    private final MetricRegistry registry;
    private final Map<String, Double> values = new ConcurrentHashMap<>(Map.of(
            "lynx_app_start_time_seconds", System.currentTimeMillis() / 1000.0,
            "lynx_health_check_last_success_timestamp_seconds", System.currentTimeMillis() / 1000.0,
            "lynx_event_queue_capacity", 1024.0,
            "lynx_circuit_breaker_state", 0.0,
            "lynx_plugin_parked", 0.0,
            "lynx_shutdown_state", 0.0));
    private final HttpServer server;

    CatalogueService() throws IOException {
        registry = new MetricRegistry(new MetricsConfig(
                true,
                Duration.ofSeconds(30),
                new MetricsConfig.Prometheus(true, 0, Host.of("127.0.0.1")),
                MetricsConfig.Histograms.CLASSIC,
                false,
                Map.of(),
                1000));
        JvmMetrics.builder().register(runtime);
        System.gc(); // the metrics of what collections leave appear with the first one
        var _ = registry.source("test", this::collect);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", this::answer);
        server.start();
    }

    /** The metrics of every service and of what it may have: TLS, clients, the push to collectors, security, bridges and systems. */
    static Stream<Metric> metrics() {
        return Stream.of(
                        Catalogue.all(),
                        TlsMetrics.ALL,
                        HttpClientPlugin.METRICS,
                        OpenTelemetryPlugin.METRICS,
                        SecurityPlugin.METRICS,
                        BridgePlugin.METRICS,
                        JdbcPlugin.METRICS,
                        KafkaPlugin.METRICS,
                        OutboxPlugin.METRICS,
                        RedisPlugin.METRICS)
                .flatMap(Collection::stream);
    }

    /** Where it can be scraped. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    /** Sets a gauge, or by how much a counter grows at a scrape. */
    void set(Metric metric, double value) {
        values.put(metric.name(), value);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var snapshots = scrape();
            exchange.getResponseHeaders().add("Content-Type", PrometheusTextFormatWriter.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, 0);
            List<MetricSnapshot> all = new ArrayList<>(snapshots.stream().toList());
            runtime.scrape().stream().forEach(all::add);
            PrometheusTextFormatWriter.create().write(exchange.getResponseBody(), new MetricSnapshots(all));
        }
    }

    /** What it shows now, as text. */
    String text() throws IOException {
        var out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }

    private MetricSnapshots scrape() {
        for (Metric metric : metrics().toList()) {
            switch (metric.type()) {
                case COUNTER ->
                    each(metric, labels -> registry.counter(metric, labels)
                            .add(values.getOrDefault(metric.name(), STEP).longValue()));
                case HISTOGRAM ->
                    each(metric, labels -> registry.histogram(metric, labels).record(HISTOGRAM_VALUE));
                case GAUGE, INFO -> {}
            }
        }
        return registry.scrape();
    }

    private void collect(Samples samples) {
        for (Metric metric : metrics().toList()) {
            switch (metric.type()) {
                case GAUGE, INFO ->
                    each(metric, labels -> samples.add(metric, values.getOrDefault(metric.name(), 1.0), labels));
                case COUNTER, HISTOGRAM -> {}
            }
        }
    }

    private interface Series {
        void with(String... labelValues);
    }

    /** Calls for every combination of the values of its labels. */
    private static void each(Metric metric, Series series) {
        each(metric.labels(), 0, new String[metric.labels().size()], series);
    }

    private static void each(List<String> labels, int next, String[] values, Series series) {
        if (next == labels.size()) {
            series.with(values.clone());
            return;
        }
        String label = labels.get(next);
        for (String value : LABELS.getOrDefault(label, List.of("some_" + label))) {
            values[next] = value;
            each(labels, next + 1, values, series);
        }
    }
}
