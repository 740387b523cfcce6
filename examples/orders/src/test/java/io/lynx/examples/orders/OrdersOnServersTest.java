package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigSources;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.http.HttpServer;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.test.WithPostgres;
import io.lynx.redis.test.TestRedis;
import io.lynx.redis.test.WithRedis;
import io.lynx.testkit.Await;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service as with {@code --profile full}: on a PostgreSQL, with its cache in a Redis. */
@WithPostgres(OrderRepository.DATABASE)
@WithRedis
@ExtendWith(LynxExtension.class)
class OrdersOnServersTest {
    private static final String TWO_LAMPS =
            "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private static final LynxTest lynx = LynxTest.application(app -> Main.plugins(
                    app.configuration(ConfigSources.process("--profile", "full")), HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("orders.pruning.interval", "1s")
            .with("lynx.redis.command_timeout", "30s") // The limit of --profile full is short.
            .patience(Duration.ofMinutes(1)) // Three clients start, and wait for one that is not there.
            .build();

    private static String place() {
        HttpReply placed = lynx.post("/orders", TWO_LAMPS);
        assertThat(placed.status()).as(placed.body()).isEqualTo(201);
        return placed.header("Location").orElseThrow();
    }

    private static boolean isHit(HttpReply reply) {
        return reply.header("Cache-Status").orElse("").equals("orders; hit");
    }

    @Test
    void aConfirmedOrderIsAnsweredFromRedisWhileTheDatabaseIsDown(TestRedis redis) {
        String order = place();
        Await.until("the order is in the cache", () -> isHit(lynx.get(order)));

        assertThat(lynx.put("/faults/database", "down").status()).isEqualTo(200);
        HttpReply cached = lynx.get(order);
        HttpReply page = lynx.get("/orders");
        assertThat(lynx.put("/faults/database", "up").status()).isEqualTo(200);
        Await.until("the orders are listed again", () -> lynx.get("/orders").status() == 200);

        assertThat(cached.status()).isEqualTo(200);
        assertThat(cached.body()).contains("\"total\":19.80", "\"status\":\"CONFIRMED\"");
        assertThat(page.status()).isEqualTo(503);
        assertThat(redis.keys()).anyMatch(key -> key.endsWith("cache:orders:" + order.substring("/orders/".length())));
    }

    @Test
    void theLeaderDeletesConfirmedOrdersThatAreOld() throws SQLException {
        String old = place();
        String recent = place();
        Await.until("the order is confirmed", () -> lynx.get(old).body().contains("CONFIRMED"));
        try (Connection connection =
                        lynx.resource(JdbcPlugin.key(OrderRepository.DATABASE)).getConnection();
                PreparedStatement aging = connection.prepareStatement(
                        "UPDATE orders SET placed_at = '2026-01-01 00:00:00' WHERE id = ?")) {
            aging.setLong(1, Long.parseLong(old.substring("/orders/".length())));
            assertThat(aging.executeUpdate()).isEqualTo(1);
        }

        Await.until("it is deleted", () -> !lynx.get("/orders?limit=100").body().contains("2026-01-01T00:00"));
        assertThat(lynx.get(recent).status()).isEqualTo(200);
        Await.asserted("it is the leader", () -> assertThat(
                        lynx.metrics().value("lynx_leadership_leader", "leadership", PruningPlugin.LEADERSHIP))
                .isEqualTo(1));
    }

    @Test
    void eachStatementAndCommandOfATraceIsASpan() throws Exception {
        List<String> spans = new CopyOnWriteArrayList<>();
        try (Registration _ = lynx.resource(Tracing.KEY).install(new SpanLines(spans))) {
            HttpRequest request = HttpRequest.newBuilder(lynx.url().resolve(place()))
                    .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                    .build();
            Await.until("the order is in the cache", () -> lynx.http()
                    .send(request, BodyHandlers.ofString())
                    .headers()
                    .firstValue("Cache-Status")
                    .orElse("")
                    .equals("orders; hit"));
        }

        // A command ends a moment after others see its effect.
        Await.asserted("each has ended", () -> assertThat(spans)
                .anySatisfy(span -> assertThat(span)
                        .startsWith("CLIENT orders.place {")
                        .contains("db.namespace=postgres", "db.system.name=postgresql", "server.address=127.0.0.1")
                        .contains("db.query.text=/* orders.place */ INSERT INTO orders (customer,"))
                .anySatisfy(span -> assertThat(span)
                        .startsWith("CLIENT orders.confirm {")
                        .contains("db.query.text=/* orders.confirm */ UPDATE orders SET status = ? WHERE id = ?"))
                .anySatisfy(span -> assertThat(span).startsWith("CLIENT set {").contains("db.system.name=redis"))
                .anySatisfy(span ->
                        assertThat(span).startsWith("CLIENT get {").contains("db.system.name=redis", "server.port=")));
    }
}
