package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.app.ShutdownReport;
import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service, asked as its clients ask it. */
@ExtendWith(LynxExtension.class)
class OrdersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TWO_LAMPS =
            "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final LynxTest lynx = LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
            .build();

    private static JsonNode json(HttpReply reply) throws Exception {
        return JSON.readTree(reply.body());
    }

    private void awaitConfirmed(String path) {
        Await.until(
                "the worker has confirmed " + path,
                () -> json(lynx.get(path)).get("status").textValue().equals("CONFIRMED"));
    }

    @Test
    void placesAnOrderAndConfirmsIt() throws Exception {
        HttpReply placed = lynx.post("/orders", TWO_LAMPS);

        assertThat(placed.status()).isEqualTo(201);
        assertThat(placed.header("Location")).contains("/orders/1");
        assertThat(placed.body()).contains("\"total\":19.80", "\"status\":\"PLACED\"");
        awaitConfirmed("/orders/1");
    }

    @Test
    void namesEveryInvalidField() throws Exception {
        HttpReply refused = lynx.post("/orders", "{\"customer\":\"\",\"quantity\":0}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.header("Content-Type")).contains("application/problem+json");
        assertThat(json(refused).get("errors").findValuesAsText("field"))
                .containsExactly("customer", "product", "quantity", "unitPrice");
    }

    @Test
    void pagesThroughItsOrders() throws Exception {
        for (int i = 0; i < 5; i++) {
            lynx.post("/orders", TWO_LAMPS);
        }

        JsonNode first = json(lynx.get("/orders?limit=2"));
        JsonNode second = json(lynx.get(first.get("next").textValue()));
        JsonNode third = json(lynx.get(second.get("next").textValue()));

        assertThat(first.get("orders").findValuesAsText("id")).containsExactly("1", "2");
        assertThat(second.get("orders").findValuesAsText("id")).containsExactly("3", "4");
        assertThat(third.get("orders").findValuesAsText("id")).containsExactly("5");
        assertThat(third.get("next").isNull()).isTrue();
    }

    @Test
    void rejectsInvalidRequests() throws Exception {
        assertThat(lynx.get("/orders/99").status()).isEqualTo(404);
        assertThat(lynx.get("/orders/lamp").status()).isEqualTo(404);
        assertThat(lynx.get("/orders?limit=101").status()).isEqualTo(400);
        assertThat(lynx.get("/orders?after=x").status()).isEqualTo(400);
        assertThat(lynx.post("/orders", "{").status()).isEqualTo(400);
        assertThat(lynx.put("/faults/database", "broken").status()).isEqualTo(400);
    }

    @Test
    void survivesAnOutageOfItsDatabase() throws Exception {
        lynx.post("/orders", TWO_LAMPS);
        awaitConfirmed("/orders/1");

        assertThat(lynx.put("/faults/database", "down").body()).isEqualTo("down\n");

        HttpReply list = lynx.get("/orders");
        assertThat(list.status()).isEqualTo(503);
        assertThat(list.header("Retry-After")).contains("2");
        assertThat(lynx.post("/orders", TWO_LAMPS).status()).isEqualTo(503);
        HttpReply cached = lynx.get("/orders/1");
        assertThat(cached.status()).isEqualTo(200);
        assertThat(cached.header("Cache-Status")).contains("orders; hit");

        assertThat(lynx.put("/faults/database", "up").body()).isEqualTo("up\n");

        // Its circuit breaker has opened if the outage was long enough for some health checks.
        Await.until("the orders are listed again", () -> lynx.get("/orders").status() == 200);
        assertThat(lynx.post("/orders", TWO_LAMPS).status()).isEqualTo(201);
        awaitConfirmed("/orders/2");
    }

    @Test
    void stopsCleanlyAndLeavesNoThread() throws Exception {
        for (int i = 0; i < 50; i++) {
            lynx.post("/orders", TWO_LAMPS);
        }

        ShutdownReport report = lynx.stop();

        assertThat(report.isClean()).isTrue();
        assertThat(report.undeliveredEvents()).isZero();
        assertThat(report.plugins()).allSatisfy(plugin -> {
            assertThat(plugin.failure()).isNull();
            assertThat(plugin.threadsLeft()).isEmpty();
        });
    }
}
