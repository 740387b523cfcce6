package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the whole service measures of itself. */
@ExtendWith(LynxExtension.class)
class OrdersMetricsTest {
    private static final String LAMP = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final AtomicReference<DataSource> database = new AtomicReference<>();
    private final LynxTest lynx = LynxTest.application(
                    app -> Main.plugins(app, HttpServer.with(http -> {})).plugin(new Borrower(database)))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.jdbc.orders.pool_size", "3")
            .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
            .build();

    private double value(String metric, String... labels) {
        return lynx.metrics().sum(metric, labels);
    }

    private double connections(String type) {
        return value("lynx_db_connections", "database", "orders", "type", type);
    }

    @Test
    void countsOrdersByTheirOutcome() throws Exception {
        assertThat(value("orders_placed_total", "outcome", "placed")).isZero();

        assertThat(lynx.post("/orders", LAMP).status()).isEqualTo(201);
        assertThat(lynx.post("/orders", LAMP).status()).isEqualTo(201);
        assertThat(lynx.post("/orders", "{}").status()).isEqualTo(422);
        assertThat(lynx.post("/orders", "{").status()).isEqualTo(400);
        assertThat(lynx.get("/orders").status()).isEqualTo(200);
        lynx.put("/faults/database", "down");
        assertThat(lynx.post("/orders", LAMP).status()).isEqualTo(503);

        // Counted when the answer is written, which its reader may see a moment earlier.
        Await.asserted("both orders are counted", () -> assertThat(value("orders_placed_total", "outcome", "placed"))
                .isEqualTo(2));
        assertThat(value("orders_placed_total", "outcome", "invalid")).isEqualTo(2);
        assertThat(value("orders_placed_total", "outcome", "failed")).isEqualTo(1);
    }

    @Test
    void measuresQueriesAndTheirFailures() throws Exception {
        lynx.post("/orders", LAMP);
        lynx.get("/orders/99");
        lynx.put("/faults/database", "down");
        lynx.get("/orders");

        assertThat(value("lynx_db_queries_total", "database", "orders", "type", "write", "operation", "orders.place"))
                .isEqualTo(1);
        assertThat(value("lynx_db_queries_total", "database", "orders", "type", "read", "operation", "orders.find"))
                .isEqualTo(1);
        assertThat(value(
                        "lynx_db_query_duration_seconds",
                        "database",
                        "orders",
                        "type",
                        "write",
                        "operation",
                        "orders.place"))
                .isEqualTo(1);
        assertThat(value("lynx_db_errors_total", "database", "orders", "type", "connect", "error_type", "unavailable"))
                .isPositive();
    }

    @Test
    void showsTheConnectionsOfThePool() throws Exception {
        assertThat(connections("max")).isEqualTo(3);
        try (Connection _ = database.get().getConnection();
                Connection _ = database.get().getConnection()) {
            assertThat(connections("active")).isGreaterThanOrEqualTo(2);
            // A health check and a sweep have connections of their own for a moment.
            Await.asserted(
                    "nobody waits", () -> assertThat(connections("pending")).isZero());
        }
    }

    @Test
    void showsHitsAndMissesOfTheCache() throws Exception {
        lynx.post("/orders", LAMP);

        lynx.get("/orders/1");
        lynx.get("/orders/99");

        double answered = value("lynx_cache_hits_total", "cache_name", "orders");
        assertThat(answered + value("lynx_cache_misses_total", "cache_name", "orders"))
                .isEqualTo(2);
        assertThat(value("lynx_cache_size", "cache_name", "orders")).isEqualTo(1);
    }

    @Test
    void measuresRequestsWithoutCodeOfItsOwn() throws Exception {
        lynx.post("/orders", LAMP);
        lynx.get("/orders/1");
        lynx.get("/orders/1");
        String[] shown = {"method", "GET", "path", "/orders/{id}", "status_code", "200", "protocol", "http"};

        // Recorded when the answer is written, which its reader may see a moment earlier.
        Await.asserted("two requests are counted", () -> assertThat(value("lynx_requests_total", shown))
                .isEqualTo(2));
        assertThat(value("lynx_active_connections", "protocol", "http")).isPositive();
    }
}
