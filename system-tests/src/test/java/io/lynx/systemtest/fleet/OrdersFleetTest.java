package io.lynx.systemtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.lynx.examples.orders.v1.OrderServiceGrpc;
import io.lynx.examples.orders.v1.PlaceOrderRequest;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The services of {@code ./build run fleet}: one trace through both of them, and orders without the inventory. */
@Timeout(600)
final class OrdersFleetTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String LAMPS = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";
    private static final String KNOWN = "\"stock\":\"ENOUGH\",\"available\":12";
    private static final String UNKNOWN = "\"stock\":\"UNKNOWN\",\"available\":null";

    /** Requests while the inventory does not answer; more than the circuit breaker of each instance needs to open. */
    private static final int REQUESTS = 25;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    @TempDir
    private Path folder;

    private SpanCollector collector;
    private FleetCommand fleet;
    private String url;

    @BeforeEach
    void starts() throws Exception {
        Path jdk = Path.of(Objects.requireNonNull(System.getProperty("java.home")));
        // Four JVMs start on a machine that may have much else to do.
        Map<String, String> patient = Map.of("LYNX_STARTUP_TIMEOUT", "3m", "LYNX_STARTUP_PLUGIN_TIMEOUT", "2m");
        collector = SpanCollector.start();
        fleet = FleetCommand.start(jdk, folder, patient, "--collector", collector.url());
        url = fleet.awaitReady();
    }

    @AfterEach
    void closes() {
        fleet.close();
        collector.close();
        client.shutdownNow();
    }

    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(target))
                .timeout(PATIENCE)
                .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private String placeOrder() throws Exception {
        HttpResponse<String> placed = send("POST", url + "/orders", LAMPS);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        return url + placed.headers().firstValue("Location").orElseThrow();
    }

    /** Places an order by gRPC, past the load balancer; returns its id. */
    private long placeOrderByCall() throws Exception {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), "00-" + TRACE + "-" + CALLER + "-01");
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                        "127.0.0.1", URI.create(fleet.url("orders-1")).getPort())
                .usePlaintext()
                .build();
        try {
            return OrderServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .withDeadlineAfter(1, TimeUnit.MINUTES)
                    .placeOrder(PlaceOrderRequest.newBuilder()
                            .setCustomer("ada")
                            .setProduct("desk")
                            .setQuantity(1)
                            .setUnitPrice("120")
                            .build())
                    .getId();
        } finally {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private String get(String target) throws Exception {
        HttpResponse<String> answer = send("GET", target, "");
        assertThat(answer.statusCode()).as(target + " " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private void awaitStock(String order) {
        // A machine that is busy may need more than the time limit of the call, at first.
        Await.until("the stock is known", PATIENCE, PAUSE, () -> get(order + "/stock")
                .contains(KNOWN));
    }

    private List<String> linesOfTheTrace(String name) throws IOException {
        return fleet.log(name)
                .lines()
                .filter(line -> line.contains("trace_id=" + TRACE))
                .toList();
    }

    @Test
    void oneTraceLeadsThroughBothServicesTheDatabaseAndTheEvent() throws Exception {
        String order = placeOrder();
        awaitStock(order);
        // One of them has the order in its cache, and the other reads it from the database.
        for (String instance : List.of("orders-1", "orders-2")) {
            awaitStock(order.replace(url, fleet.url(instance)));
        }

        long byCall = placeOrderByCall();
        assertThat(get(fleet.url("orders-2") + "/orders/" + byCall)).contains("\"product\":\"desk\"");

        String place = "orders SERVER POST /orders";
        String call = "orders SERVER orders.v1.OrderService/PlaceOrder";
        String stock = "orders SERVER GET /orders/{id}/stock";
        Await.asserted("the spans have arrived", PATIENCE, () -> assertThat(collector.paths(TRACE, CALLER))
                .contains(
                        place,
                        place + " > orders CLIENT orders.place",
                        place + " > orders INTERNAL handle orders.worker",
                        place + " > orders INTERNAL handle orders.worker > orders CLIENT orders.confirm",
                        call,
                        call + " > orders CLIENT orders.place",
                        call + " > orders INTERNAL handle orders.worker > orders CLIENT orders.confirm",
                        stock,
                        stock + " > orders CLIENT orders.find",
                        stock
                                + " > orders INTERNAL call inventory > orders CLIENT GET /stock > inventory SERVER GET"
                                + " /stock")
                .noneMatch(path -> path.startsWith("?")));
        Await.asserted("the trace is in the logs", PATIENCE, () -> {
            assertThat(linesOfTheTrace("inventory")).anyMatch(line -> line.contains("Stock was read"));
            String orders = linesOfTheTrace("orders-1") + "\n" + linesOfTheTrace("orders-2");
            assertThat(orders).contains("Order was placed", "Order was confirmed", "Stock is known");
        });

        List<ProcessHandle> children = fleet.children();
        fleet.process().signalGroup(Signal.INT);
        assertThat(fleet.process().awaitExit().code()).isEqualTo(Signal.INT.exitCode());
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(fleet.process().output().text())
                .containsPattern("orders-1 {3}exit code 143 .* Stopped ")
                .containsPattern("orders-2 {3}exit code 143 .* Stopped ")
                .containsPattern("inventory {2}exit code 143 .* Stopped ");
    }

    @Test
    void anInventoryThatHangsOrIsGoneConcernsNothingButTheStock() throws Exception {
        String order = placeOrder();
        awaitStock(order);
        try (Customers readers = Customers.of(order, 20)) {
            fleet.signal("inventory", Signal.STOP);
            useWithoutInventory();
            Await.asserted("a circuit breaker has opened", PATIENCE, () -> assertThat(
                            fleet.log("orders-1") + fleet.log("orders-2"))
                    .contains("Circuit breaker client.inventory opened and rejects calls"));

            fleet.signal("inventory", Signal.CONT);
            awaitStock(order);

            fleet.signal("inventory", Signal.KILL);
            var _ = fleet.process().awaitLine("inventory  has ended with exit code 137, the others go on");
            useWithoutInventory();

            assertThat(readers.stop()).isNotEmpty().allMatch(Customers.Outcome::isOk);
        }
    }

    /** Makes requests, of which only those for the stock need the inventory. */
    private void useWithoutInventory() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            String order = placeOrder();

            assertThat(get(order)).contains("\"product\":\"lamp\"");
            assertThat(get(url + "/orders?limit=1")).contains("\"id\":1");
            assertThat(get(order + "/stock")).contains(UNKNOWN);
            for (String instance : List.of("orders-1", "orders-2")) {
                assertThat(get(fleet.url(instance) + "/health/ready")).doesNotContain("DOWN");
            }
        }
    }
}
