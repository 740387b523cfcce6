package io.lynx.systemtest.events;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Customers who place orders, each one after the other, until a number of orders has been accepted. An attempt that fails may have placed
 * its order or not, so it is not repeated: the next attempt is another order, with a product of its own. Thread-safe.
 */
final class OrderLoad implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int wanted;
    private final IntFunction<@Nullable URI> instances;
    private final Map<String, List<Accepted>> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean isClosed;

    /** An order that was answered with 201. Immutable. */
    record Accepted(long id, String product) {}

    /**
     * Creates it.
     *
     * @param wanted how many orders are to be accepted
     * @param instances where the attempt of a number goes; null if nothing is there yet
     */
    OrderLoad(int wanted, IntFunction<@Nullable URI> instances) {
        this.wanted = wanted;
        this.instances = instances;
    }

    /** Lets customers place orders, each on a thread of its own. */
    void start(int customers) {
        for (int i = 0; i < customers; i++) {
            String customer = "customer-" + i;
            accepted.put(customer, new CopyOnWriteArrayList<>());
            threads.add(Thread.ofVirtual().name(customer).start(() -> place(customer)));
        }
    }

    private void place(String customer) {
        List<Accepted> own = accepted.getOrDefault(customer, List.of());
        try {
            while (count.get() < wanted && !isClosed) {
                int attempt = attempts.incrementAndGet();
                URI instance = instances.apply(attempt);
                Accepted order = instance == null ? null : place(customer, "product-" + attempt, instance);
                if (order == null) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
                } else {
                    own.add(order);
                    count.incrementAndGet();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Accepted place(String customer, String product, URI instance) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(instance.resolve("/orders"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"customer\":\"" + customer + "\",\"product\":\"" + product
                        + "\",\"quantity\":1,\"unitPrice\":1}"))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            Matcher id = ID.matcher(answer.body());
            return answer.statusCode() == 201 && id.find() ? new Accepted(Long.parseLong(id.group(1)), product) : null;
        } catch (IOException failed) {
            return null;
        }
    }

    /** Returns how many orders have been accepted so far. */
    int count() {
        return count.get();
    }

    /** Returns how many attempts there were. */
    int attempts() {
        return attempts.get();
    }

    /** Returns the accepted orders of each customer, in the order in which they were placed. */
    Map<String, List<Accepted>> accepted() {
        return accepted;
    }

    /** Waits until every customer has stopped. */
    void await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                throw new AssertionError("only " + count + " of " + wanted + " orders were accepted in " + atMost);
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        threads.forEach(Thread::interrupt);
        client.shutdownNow();
    }
}
