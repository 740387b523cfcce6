package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The examples, as their readers try them. */
@Execution(ExecutionMode.CONCURRENT)
final class OrdersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VALID = """
        {"customer": "Ada", "product": "engine", "quantity": 2, "unitPrice": 19.99}
        """;

    @Test
    void minimalExampleSaysHello() throws Exception {
        Launch launch = Launch.of(io.lynx.examples.minimal.Main.class).arguments(Services.anyPorts());
        try (ServiceProcess service = launch.start();
                var client = new Client(service)) {
            HttpResponse<String> hello = client.send("GET", "/hello/world", "");

            assertThat(hello.statusCode()).isEqualTo(200);
            assertThat(hello.body()).isEqualTo("Hello, world");
            assertThat(client.send("POST", "/hello/world", "").statusCode()).isEqualTo(405);
            assertStops(service);
        }
    }

    @Test
    void ordersArePlacedShownAndListed() throws Exception {
        try (ServiceProcess service = orders().start();
                var client = new Client(service)) {
            HttpResponse<String> placed = client.send("POST", "/orders", VALID);
            assertThat(placed.statusCode()).isEqualTo(201);
            String location = placed.headers().firstValue("Location").orElseThrow();
            JsonNode order = JSON.readTree(placed.body());
            assertThat(order.path("total").decimalValue()).isEqualByComparingTo("39.98");

            JsonNode shown = JSON.readTree(client.send("GET", location, "").body());
            assertThat(shown.path("id")).isEqualTo(order.path("id"));
            assertThat(shown.path("customer").asText()).isEqualTo("Ada");

            List<Long> ids = new ArrayList<>(List.of(order.path("id").asLong()));
            for (int i = 0; i < 4; i++) {
                ids.add(JSON.readTree(client.send("POST", "/orders", VALID).body())
                        .path("id")
                        .asLong());
            }
            assertThat(client.listed("/orders?limit=2")).isEqualTo(ids);
            assertStops(service);
        }
    }

    @Test
    void aScrapeAtRestIsSmall() throws Exception {
        try (ServiceProcess service = orders().start();
                var management = ServiceClient.ofManagement(service)) {
            Services.awaitReady(service);
            // Each check has run once, so that its histogram has values.
            String scrape = management
                    .await("/metrics", answer -> Stream.of(
                                    "lynx_health_check_latency_seconds_count{check_name=\"jdbc.orders\"}",
                                    "lynx_plugin_latency_seconds_bucket{operation=\"health\",plugin_id=\"jdbc.orders\"")
                            .allMatch(answer.body()::contains))
                    .body();

            assertThat(scrape)
                    .contains(
                            "lynx_plugin_latency_seconds_bucket{operation=\"health\",plugin_id=\"jdbc.orders\"",
                            "lynx_plugin_start_duration_seconds{plugin_id=\"jdbc.orders\"");
            // Most series are those of a plugin.
            long plugins = scrape.lines()
                    .filter(line -> line.startsWith("lynx_plugin_start_duration_seconds{"))
                    .count();
            assertThat(plugins).isGreaterThanOrEqualTo(9);
            assertThat(scrape.length()).isLessThanOrEqualTo((int) (plugins * (60 << 10) / 9));
            assertStops(service);
        }
    }

    @Test
    void invalidOrdersAreRejectedWithEveryReason() throws Exception {
        try (ServiceProcess service = orders().start();
                var client = new Client(service)) {
            HttpResponse<String> invalid =
                    client.send("POST", "/orders", "{\"customer\": \" \", \"quantity\": 0, \"unitPrice\": 0.001}");

            assertThat(invalid.statusCode()).isEqualTo(422);
            assertThat(invalid.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/problem+json");
            assertThat(JSON.readTree(invalid.body()).path("errors").findValuesAsText("field"))
                    .containsExactlyInAnyOrder("customer", "product", "quantity", "unitPrice");
            assertThat(client.send("POST", "/orders", "{\"customer\": ").statusCode())
                    .isEqualTo(400);
            assertThat(client.send("GET", "/orders?limit=0", "").statusCode()).isEqualTo(400);
            assertThat(client.send("GET", "/orders/4711", "").statusCode()).isEqualTo(404);
            assertThat(client.send("DELETE", "/orders/1", "").statusCode()).isEqualTo(405);
            assertThat(JSON.readTree(client.send("GET", "/orders", "").body())
                            .path("orders")
                            .isEmpty())
                    .isTrue();
            assertStops(service);
        }
    }

    @Test
    void servesCachedOrdersWithoutItsDatabase() throws Exception {
        try (ServiceProcess service = orders().start();
                var client = new Client(service)) {
            String location = client.send("POST", "/orders", VALID)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();

            // The cache follows the orders' events: it has what was read, or what was told.
            assertThat(client.send("GET", location, "").statusCode()).isEqualTo(200);

            assertThat(client.send("PUT", "/faults/database", "down").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> refused = client.send("POST", "/orders", VALID);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            HttpResponse<String> cached = client.send("GET", location, "");
            assertThat(cached.statusCode()).isEqualTo(200);
            assertThat(cached.headers().firstValue("Cache-Status")).contains("orders; hit");

            assertThat(client.send("PUT", "/faults/database", "up").statusCode())
                    .isEqualTo(200);
            assertThat(client.untilPlaced(VALID)).isEqualTo(201);
            assertStops(service);
        }
    }

    @Test
    void everyEventUnderLoadIsAccountedForAndNoneIsLeftAtTheShutdown() throws Exception {
        int orders = 500;
        try (ServiceProcess service = orders().start();
                var client = new Client(service);
                var management = ServiceClient.ofManagement(service)) {
            List<Callable<Integer>> load = Collections.nCopies(
                    orders, () -> client.send("POST", "/orders", VALID).statusCode());
            try (var clients = Executors.newFixedThreadPool(8)) {
                for (Future<Integer> status : clients.invokeAll(load)) {
                    assertThat(status.get()).isEqualTo(201);
                }
            }

            JsonNode business = settledBus(management, "business");
            assertThat(business.path("topics").findValuesAsText("type"))
                    .containsExactly("order.changed", "order.placed");
            for (JsonNode topic : business.path("topics")) {
                assertThat(topic.path("published").asLong()).isEqualTo(orders);
            }
            assertThat(business.path("subscriptions").findValuesAsText("name"))
                    .containsExactlyInAnyOrder("orders.cache", "orders.changes", "orders.worker");
            for (JsonNode account : business.path("subscriptions")) {
                assertAddsUp(account);
            }
            assertThat(client.confirmed()).isEqualTo(orders);

            for (int i = 0; i < 50; i++) {
                assertThat(client.send("POST", "/orders", VALID).statusCode()).isEqualTo(201);
            }
            assertStops(service);
            assertThat(Log.shutdownReport(service).orElseThrow().path("undelivered_events"))
                    .hasToString("0");
        }
    }

    private static void assertAddsUp(JsonNode account) {
        long dropped = 0;
        for (JsonNode count : account.path("dropped")) {
            dropped += count.asLong();
        }
        assertThat(account.path("published").asLong())
                .as(account.toString())
                .isPositive()
                .isEqualTo(account.path("processed").asLong()
                        + account.path("dead_lettered").asLong()
                        + dropped
                        + account.path("queued").asLong()
                        + account.path("in_hand").asLong());
    }

    @Test
    void shutsDownInTimeWithoutItsDatabase() throws Exception {
        try (ServiceProcess service = orders().start();
                var client = new Client(service)) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.send("POST", "/orders", VALID).statusCode()).isEqualTo(201);
            }
            assertThat(client.send("PUT", "/faults/database", "down").statusCode())
                    .isEqualTo(200);
            assertStops(service);
        }
    }

    private static Launch orders() {
        return Launch.of(io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(Services.anyPorts());
    }

    private static void assertStops(ServiceProcess service) throws InterruptedException {
        long _ = service.signal(Signal.TERM);
        assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(143);
        assertThat(service.output().text()).contains("\"message\":\"Stopped\"").doesNotContain("\"level\":\"ERROR\"");
    }

    /** The account of a bus once nothing is queued or in hand any more. */
    private static JsonNode settledBus(ServiceClient management, String name) throws IOException, InterruptedException {
        // The counts of the first document that says so may be older than what it says.
        JsonNode _ = management.awaitJson("/debug/events", events -> isSettled(bus(events, name)));
        return bus(management.json("/debug/events"), name);
    }

    private static boolean isSettled(JsonNode bus) {
        return bus.path("depth").asLong() == 0
                && bus.path("subscriptions").findValuesAsText("in_hand").stream()
                        .allMatch("0"::equals);
    }

    private static JsonNode bus(JsonNode events, String name) {
        for (JsonNode bus : events.path("buses")) {
            if (bus.path("name").asText().equals(name)) {
                return bus;
            }
        }
        throw new AssertionError("no bus '" + name + "' in " + events.path("buses"));
    }

    /** Talks to a service that is ready. */
    private static final class Client implements AutoCloseable {
        private final ServiceClient client;

        Client(ServiceProcess service) throws InterruptedException {
            this.client = new ServiceClient(service);
        }

        HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
            return client.send(method, path, body);
        }

        /** The ids on all pages. */
        List<Long> listed(String first) throws IOException, InterruptedException {
            return ordersFrom(first).stream()
                    .map(order -> order.path("id").asLong())
                    .toList();
        }

        /** How many orders have been confirmed. */
        long confirmed() throws IOException, InterruptedException {
            return ordersFrom("/orders?limit=100").stream()
                    .filter(order -> order.path("status").asText().equals("CONFIRMED"))
                    .count();
        }

        /** The orders of this page and those after it. */
        private List<JsonNode> ordersFrom(String first) throws IOException, InterruptedException {
            List<JsonNode> orders = new ArrayList<>();
            String next = first;
            while (!next.isEmpty()) {
                JsonNode page = client.json(next);
                page.path("orders").forEach(orders::add);
                next = page.path("next").asText("").replace("null", "");
            }
            return orders;
        }

        /** The status of the first answer that is no longer 503; what protects the database may stay closed for a while. */
        int untilPlaced(String order) {
            AtomicInteger status = new AtomicInteger();
            Await.until("the order is no longer refused", Duration.ofSeconds(30), Duration.ofMillis(100), () -> {
                status.set(send("POST", "/orders", order).statusCode());
                return status.get() != 503;
            });
            return status.get();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
