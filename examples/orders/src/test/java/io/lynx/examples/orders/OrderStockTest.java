package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigSources;
import io.lynx.http.HttpServer;
import io.lynx.http.Response;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stock of the product of an order, with and without an inventory. */
@ExtendWith(LynxExtension.class)
class OrderStockTest {
    private static final String TWO_LAMPS =
            "{\"customer\":\"ada\",\"product\":\"desk lamp/..\",\"quantity\":2,\"unitPrice\":9.90}";
    private static final String UNKNOWN =
            "{\"order\":1,\"product\":\"desk lamp/..\",\"quantity\":2,\"stock\":\"UNKNOWN\",\"available\":null}";

    /** An inventory that answers what a test wants. */
    private final AtomicReference<Answer> answer = new AtomicReference<>();

    private final LynxTest inventory = LynxTest.of(
                    HttpServer.with(http -> http.get("/stock", (request, response) -> answer.get()
                            .send(request.query("item").orElse("none"), response))))
            .with("lynx.http.port", "0")
            .build();

    @FunctionalInterface
    interface Answer {
        void send(String item, Response response);
    }

    private static LynxTest orders(String inventory) {
        return LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
                .with("lynx.http.port", "0")
                .with("lynx.metrics.prometheus.port", "0")
                .with("lynx.clients.inventory.url", inventory)
                .with("lynx.clients.inventory.connect_timeout", "20s")
                .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
                .start();
    }

    private static void available(LynxTest orders, int pieces, String stock) {
        assertThat(orders.get("/orders/1/stock").body())
                .isEqualTo("{\"order\":1,\"product\":\"desk lamp/..\",\"quantity\":2,\"stock\":\"" + stock
                        + "\",\"available\":" + pieces + "}");
    }

    @Test
    void showsTheStockOfAnOrder() {
        AtomicReference<String> asked = new AtomicReference<>("");
        try (LynxTest orders = orders(inventory.url().toString())) {
            orders.post("/orders", TWO_LAMPS);

            answer.set((item, response) -> {
                asked.set(item);
                response.json(Map.of("available", 2));
            });
            available(orders, 2, "ENOUGH");
            answer.set((item, response) -> response.json(Map.of("available", 1)));
            available(orders, 1, "SHORT");

            assertThat(asked.get()).isEqualTo("desk lamp/..");
            assertThat(orders.get("/orders/2/stock").status()).isEqualTo(404);
        }
    }

    @Test
    void reportsAnUnknownStockIfTheInventoryAnswersOtherwise() {
        try (LynxTest orders = orders(inventory.url().toString())) {
            orders.post("/orders", TWO_LAMPS);

            answer.set((item, response) -> response.status(404).send("no such page"));
            assertThat(orders.get("/orders/1/stock").body()).isEqualTo(UNKNOWN);
            answer.set((item, response) -> response.status(500).send("broken"));
            assertThat(orders.get("/orders/1/stock").body()).isEqualTo(UNKNOWN);
            answer.set((item, response) -> response.send("twelve"));
            assertThat(orders.get("/orders/1/stock").body()).isEqualTo(UNKNOWN);
        }
    }

    @Test
    void keepsWorkingWithoutAnInventory() {
        try (LynxTest orders = orders("http://127.0.0.1:1")) {
            for (int i = 0; i < 10; i++) {
                assertThat(orders.post("/orders", TWO_LAMPS).status()).isEqualTo(201);
                HttpReply stock = orders.get("/orders/1/stock");
                assertThat(stock.status()).isEqualTo(200);
                assertThat(stock.body()).isEqualTo(UNKNOWN);
            }

            assertThat(orders.get("/health/ready").status()).isEqualTo(200);
            assertThat(orders.metrics().sum("lynx_client_errors_total", "client", "inventory", "reason", "unreachable"))
                    .isPositive();
        }
    }

    @Test
    void startsWithoutTheUrlOfTheInventory() {
        try (LynxTest orders = LynxTest.application(
                        app -> Main.plugins(app.configuration(ConfigSources.none()), HttpServer.with(http -> {})))
                .with("lynx.application.name", "orders")
                .with("lynx.application.version", "1.0.0")
                .with("lynx.http.port", "0")
                .with("lynx.metrics.prometheus.port", "0")
                .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl())
                .with("lynx.jdbc.orders.migrations.enabled", "false")
                .start()) {
            assertThat(orders.post("/orders", TWO_LAMPS).status()).isEqualTo(201);

            assertThat(orders.get("/orders/1/stock").body()).isEqualTo(UNKNOWN);
        }
    }
}
