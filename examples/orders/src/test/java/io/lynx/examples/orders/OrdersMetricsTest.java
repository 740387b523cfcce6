package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the whole service measures of itself. */
class OrdersMetricsTest {
    private static final String LAMP = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final AtomicReference<DataSource> database = new AtomicReference<>();
    private final HttpServer server = HttpServer.with(http -> {});

    @AutoClose
    private final Application application = Main.plugins(Application.builder(), server)
            .plugin(new Borrower(database))
            .set("lynx.http.port", "0")
            .set("lynx.metrics.prometheus.port", "0")
            .set("orders.database.pool_size", "3")
            .set("orders.database.url", "jdbc:h2:mem:" + UUID.randomUUID())
            .build();

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        application.start();
    }

    private int send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", path.startsWith("/faults") ? "text/plain" : "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    /** The value of a series, 0 if there is none; labels as {@code name, value} pairs. */
    private double value(String metric, String... labels) {
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return application
                .metrics()
                .snapshot()
                .find(metric, wanted)
                .map(series -> series.value())
                .orElse(0.0);
    }

    private double connections(String type) {
        return value("lynx_db_connections", "database", "orders", "type", type);
    }

    @Test
    void countsOrdersByWhatBecameOfThem() throws Exception {
        assertThat(value("orders_placed_total", "outcome", "placed")).isZero();

        assertThat(send("POST", "/orders", LAMP)).isEqualTo(201);
        assertThat(send("POST", "/orders", LAMP)).isEqualTo(201);
        assertThat(send("POST", "/orders", "{}")).isEqualTo(422);
        assertThat(send("POST", "/orders", "{")).isEqualTo(400);
        assertThat(send("GET", "/orders", "")).isEqualTo(200);
        send("PUT", "/faults/database", "down");
        assertThat(send("POST", "/orders", LAMP)).isEqualTo(503);

        assertThat(value("orders_placed_total", "outcome", "placed")).isEqualTo(2);
        assertThat(value("orders_placed_total", "outcome", "invalid")).isEqualTo(2);
        assertThat(value("orders_placed_total", "outcome", "failed")).isEqualTo(1);
    }

    @Test
    void measuresQueriesAndTheirFailures() throws Exception {
        send("POST", "/orders", LAMP);
        send("GET", "/orders/99", "");
        send("PUT", "/faults/database", "down");
        send("GET", "/orders", "");

        assertThat(value("lynx_db_queries_total", "database", "orders", "type", "write", "operation", "place"))
                .isEqualTo(1);
        assertThat(value("lynx_db_queries_total", "database", "orders", "type", "read", "operation", "find"))
                .isEqualTo(1);
        assertThat(value("lynx_db_query_duration_seconds", "database", "orders", "type", "write", "operation", "place"))
                .isEqualTo(1);
        assertThat(value("lynx_db_errors_total", "database", "orders", "type", "read", "error_type", "unavailable"))
                .isPositive();
    }

    @Test
    void showsThePoolAsItIs() throws Exception {
        assertThat(connections("max")).isEqualTo(3);
        double before = connections("active");

        try (Connection _ = database.get().getConnection()) {
            assertThat(connections("active")).isGreaterThanOrEqualTo(before + 1);
            assertThat(connections("pending")).isZero();
        }
    }

    @Test
    void showsHowTheCacheDoes() throws Exception {
        send("POST", "/orders", LAMP);

        send("GET", "/orders/1", "");
        send("GET", "/orders/99", "");

        double answered = value("lynx_cache_hits_total", "cache_name", "orders");
        assertThat(answered + value("lynx_cache_misses_total", "cache_name", "orders"))
                .isEqualTo(2);
        assertThat(value("lynx_cache_size", "cache_name", "orders")).isEqualTo(1);
    }

    @Test
    void measuresRequestsWithoutALineOfItsOwn() throws Exception {
        send("POST", "/orders", LAMP);
        send("GET", "/orders/1", "");
        send("GET", "/orders/1", "");
        String[] shown = {"method", "GET", "path", "/orders/{id}", "status_code", "200", "protocol", "http"};

        // Recorded when the answer is written, which its reader may see a moment earlier.
        while (value("lynx_requests_total", shown) < 2) {
            Thread.onSpinWait();
        }

        assertThat(value("lynx_requests_total", shown)).isEqualTo(2);
        assertThat(value("lynx_active_connections", "protocol", "http")).isPositive();
    }
}
