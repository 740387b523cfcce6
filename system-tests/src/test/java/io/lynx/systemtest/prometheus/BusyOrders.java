package io.lynx.systemtest.prometheus;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The orders example with customers who read, order, mistype, hurry and vanish, some 40 requests a second, and a database that
 * can be broken. Its checks and windows are short, so that what happens shows within seconds. Thread-safe.
 */
public final class BusyOrders implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServiceProcess service;
    private final Neighbours neighbours;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final InetSocketAddress requests;
    private final InetSocketAddress management;
    private final Thread customers;
    private volatile boolean isClosing;

    private BusyOrders(ServiceProcess service, Neighbours neighbours) throws InterruptedException {
        this.service = service;
        this.neighbours = neighbours;
        this.management = Services.awaitManagement(service);
        this.requests = Services.awaitHttp(service);
        this.customers = Thread.ofPlatform().daemon().name("customers").start(this::visit);
    }

    /**
     * Starts it with further arguments, its customers, and an inventory and a collector that it calls. The heap has room for a
     * gigabyte that is held for nothing.
     */
    public static BusyOrders start(String... arguments) throws IOException, InterruptedException {
        Neighbours neighbours = new Neighbours();
        ServiceProcess service = Launch.of(io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .options("-Xmx1600m")
                .arguments(
                        "--lynx.http.host=127.0.0.1",
                        "--lynx.http.port=0",
                        "--lynx.http.trusted_peers=127.0.0.1",
                        "--lynx.metrics.prometheus.host=127.0.0.1",
                        "--lynx.metrics.prometheus.port=0",
                        "--lynx.metrics.update_interval=1s",
                        "--lynx.health_check.interval=1s",
                        "--lynx.health_check.timeout=5s",
                        "--lynx.error_recovery.error_window=15s",
                        "--lynx.clients.inventory.url=" + neighbours.url(),
                        "--lynx.circuit_breaker.breakers.client.inventory.timeout=2s",
                        "--lynx.opentelemetry.traces.endpoint=" + neighbours.url(),
                        "--lynx.opentelemetry.traces.delay=500ms",
                        "--lynx.opentelemetry.otlp.enabled=true",
                        "--lynx.opentelemetry.otlp.endpoint=" + neighbours.url(),
                        "--lynx.opentelemetry.otlp.interval=1s")
                .arguments(arguments)
                .start();
        try {
            return new BusyOrders(service, neighbours);
        } catch (Throwable e) {
            service.close();
            neighbours.close();
            throw e;
        }
    }

    /** The process. */
    public ServiceProcess service() {
        return service;
    }

    /** Where its metrics are. */
    public InetSocketAddress management() {
        return management;
    }

    /** Where it serves requests. */
    public InetSocketAddress requests() {
        return requests;
    }

    /** Breaks the database or mends it: {@code up}, {@code slow} or {@code down}. */
    public void database(String fault) throws IOException, InterruptedException {
        int status = send("PUT", "/faults/database", fault);
        if (status != 200) {
            throw service.failure("PUT /faults/database " + fault + " was answered with " + status);
        }
    }

    /** Has the service hold memory for nothing, such as {@code 1GiB} or {@code 0}. */
    public void memory(String size) throws IOException, InterruptedException {
        int status = send("PUT", "/faults/memory", size);
        if (status != 200) {
            throw service.failure("PUT /faults/memory " + size + " was answered with " + status);
        }
    }

    /** Makes the inventory and the collector answer with errors, or as they should. */
    public void neighbours(boolean fail) {
        neighbours.fail(fail);
    }

    /**
     * What its management port says at {@code /metrics} to somebody who accepts {@code type}; asked again while two others are
     * asking, such as servers that scrape it.
     */
    public String metrics(String type) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + management.getPort() + "/metrics"))
                .timeout(PATIENCE)
                .header("Accept", type)
                .build();
        Deadline end = Deadline.after(PATIENCE, Ticker.system());
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        while (answer.statusCode() == 503 && !end.isExpired()) {
            Thread.sleep(Duration.ofMillis(100));
            answer = client.send(request, BodyHandlers.ofString());
        }
        return answer.body();
    }

    /** Sends the customers away; requests that are under way are answered. */
    public void quieten() throws InterruptedException {
        isClosing = true;
        customers.join(PATIENCE.plus(PATIENCE));
    }

    /** Sends a request to the service, and returns the status of the answer. */
    public int send(String method, String path, String body) throws IOException, InterruptedException {
        return send(request(method, path, body));
    }

    private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + requests.getPort() + path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofString(body));
    }

    private static String order(int quantity) {
        return "{\"customer\": \"Ada\", \"product\": \"engine\", \"quantity\": " + quantity + ", \"unitPrice\": 19.99}";
    }

    private void visit() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        try {
            while (!isClosing) {
                sendOne(random);
                Thread.sleep(random.nextInt(1, 40));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendOne(RandomGenerator random) throws InterruptedException {
        int dice = random.nextInt(100);
        try {
            int _ =
                    switch (dice) {
                        case 0 -> send("GET", "/no/such/page", "");
                        case 1 -> send("POST", "/orders", "{\"customer\": ");
                        case 2 -> send("DELETE", "/orders/1", "");
                        case 3, 4 -> send("GET", "/orders/" + (1_000_000 + dice), "");
                        case 5 -> send(request("GET", "/orders/1", "").header("X-Request-Timeout", "0ms"));
                        case 6, 7 ->
                            send(request("POST", "/orders", order(1)).header("traceparent", "not a trace context"));
                        case 8, 9 -> send(request("GET", "/orders/1", "").header("X-Request-Timeout", "5s"));
                        default -> {
                            if (dice < 30) {
                                yield send("POST", "/orders", order(1 + random.nextInt(9)));
                            }
                            if (dice < 45) {
                                yield send("GET", "/orders/" + (1 + random.nextInt(20)) + "/stock", "");
                            }
                            yield dice < 55
                                    ? send("GET", "/orders?limit=5", "")
                                    : send("GET", "/orders/" + (1 + random.nextInt(200)), "");
                        }
                    };
        } catch (IOException e) {
            // The service stops or is too slow; the customer comes again.
        }
    }

    /** Sends the customers away and ends the service, by force if it still runs. */
    @Override
    public void close() {
        isClosing = true;
        customers.interrupt();
        client.shutdownNow();
        service.close();
        neighbours.close();
    }
}
