package io.lynx.systemtest.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.SystemTests;
import io.lynx.systemtest.events.OrderLoad.Accepted;
import io.lynx.systemtest.fleet.SpanCollector;
import io.lynx.testkit.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances of orders and a worker, on a PostgreSQL and a Kafka: each order is confirmed once by effect, whatever is killed. In the long
 * form there are 20,000 orders; each process is killed three times, and the broker and the database are stopped and started twice. With
 * {@code -Dsystem-tests=events} there are 300, and each process is killed once.
 */
@Timeout(1_200)
@EnabledIfSystemProperty(named = "system-tests", matches = "full|events")
final class ConfirmedOrdersTest {
    private static final int ORDERS = SystemTests.count(300, 20_000);
    private static final int CUSTOMERS = SystemTests.count(8, 16);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    private Path folder;

    /** Something that fails when that many orders have been accepted. */
    private record Failure(int after, String what) {}

    @Test
    void eachOrderIsConfirmedOnceWhateverIsKilled() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        try (SpanCollector collector = SpanCollector.start();
                ShopServers servers = ShopServers.start(folder);
                Shop shop = new Shop(servers.variables())) {
            String[] traced = {
                "--lynx.opentelemetry.traces.endpoint=" + collector.url(), "--lynx.opentelemetry.traces.ratio=0"
            };
            Shop.ORDERS.forEach(name -> shop.start(name, traced));
            shop.start(Shop.WORKER, traced);
            URI orders = shop.awaitReady(Shop.ORDERS.getFirst());
            URI _ = shop.awaitReady(Shop.WORKER);
            oneTraceLeadsToTheHandlerOfTheWorker(orders, collector);

            long began = System.nanoTime();
            try (OrderLoad load =
                    new OrderLoad(ORDERS, attempt -> shop.address(Shop.ORDERS.get(attempt % Shop.ORDERS.size())))) {
                load.start(CUSTOMERS);
                letFail(failures(new Random(seed)), load, servers, shop);
                load.await(PATIENCE);
                long accepted = System.nanoTime();
                awaitConfirmations(servers, shop);
                System.out.println(load.count() + " of " + load.attempts() + " orders were accepted in "
                        + TimeUnit.NANOSECONDS.toMillis(accepted - began) + " ms; all were confirmed "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - accepted) + " ms later");
                check(servers, load.accepted());
            }
        }
    }

    private static void oneTraceLeadsToTheHandlerOfTheWorker(URI orders, SpanCollector collector) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(orders.resolve("/orders"))
                    .header("Content-Type", "application/json")
                    .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                    .POST(BodyPublishers.ofString(
                            "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":1,\"unitPrice\":1}"))
                    .build();
            HttpResponse<String> placed = client.send(request, BodyHandlers.ofString());
            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        }
        String sent = "orders SERVER POST /orders > orders PRODUCER send lynx.shop";
        String handled = sent + " > worker CONSUMER process lynx.shop > worker INTERNAL handle confirmations";
        Await.asserted("the spans have arrived", PATIENCE, () -> assertThat(collector.paths(TRACE, CALLER))
                .contains(sent, handled, handled + " > worker CLIENT confirmations.add")
                .noneMatch(path -> path.startsWith("?")));
    }

    /** Returns the failures, in the sequence in which they happen. */
    private static List<Failure> failures(Random random) {
        List<String> all = new ArrayList<>(Shop.ORDERS);
        all.add(Shop.WORKER);
        if (SystemTests.areFull()) {
            all.addAll(List.copyOf(all));
            all.addAll(Shop.ORDERS);
            all.add(Shop.WORKER);
            all.addAll(List.of(ShopServers.KAFKA, ShopServers.POSTGRES, ShopServers.KAFKA, ShopServers.POSTGRES));
        }
        Collections.shuffle(all, random);
        List<Integer> counts = random.ints(all.size(), ORDERS / 20, ORDERS - ORDERS / 20)
                .sorted()
                .boxed()
                .toList();
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            failures.add(new Failure(counts.get(i), all.get(i)));
        }
        return failures;
    }

    private static void letFail(List<Failure> failures, OrderLoad load, ShopServers servers, Shop shop)
            throws Exception {
        int round = 0;
        for (Failure failure : failures) {
            Await.until(
                    failure.after() + " orders are accepted",
                    PATIENCE,
                    Duration.ofMillis(20),
                    () -> load.count() >= failure.after());
            System.out.println("after " + load.count() + " orders: " + failure.what());
            if (failure.what().equals(ShopServers.KAFKA) || failure.what().equals(ShopServers.POSTGRES)) {
                servers.stop(failure.what());
                TimeUnit.SECONDS.sleep(5);
                servers.start(failure.what(), ++round);
            } else {
                shop.killAndStart(failure.what());
            }
        }
    }

    private static void awaitConfirmations(ShopServers servers, Shop shop) throws Exception {
        try {
            Await.until("nothing waits in the outbox", PATIENCE, PAUSE, () -> ShopRecords.inOutbox(servers) == 0);
            long orders = ShopRecords.placed(servers);
            Await.until(
                    orders + " orders are confirmed",
                    PATIENCE,
                    PAUSE,
                    () -> ShopRecords.confirmations(servers) >= orders);
        } catch (AssertionError late) {
            AssertionError failure = shop.process(Shop.WORKER).failure(String.valueOf(late.getMessage()));
            failure.addSuppressed(shop.process(Shop.ORDERS.getFirst()).failure("the first instance"));
            failure.addSuppressed(shop.process(Shop.ORDERS.getLast()).failure("the second instance"));
            throw failure;
        }
    }

    private static void check(ShopServers servers, Map<String, List<Accepted>> accepted) throws Exception {
        Map<Long, String> orders = ShopRecords.orders(servers);
        List<Long> confirmed = ShopRecords.confirmed(servers);

        assertThat(Set.copyOf(orders.values())).as("an order was placed twice").hasSameSizeAs(orders.values());
        assertThat(new HashSet<>(confirmed)).as("an order was confirmed twice").hasSameSizeAs(confirmed);
        assertThat(confirmed).containsExactlyInAnyOrderElementsOf(orders.keySet());
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < confirmed.size(); i++) {
            places.put(confirmed.get(i), i);
        }
        accepted.forEach((customer, own) -> {
            assertThat(own).allSatisfy(order -> assertThat(orders).containsEntry(order.id(), order.product()));
            assertThat(own.stream().map(order -> places.get(order.id())))
                    .as("the sequence of confirmations of " + customer)
                    .isSorted();
        });
    }
}
