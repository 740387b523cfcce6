package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.RequestContext;
import io.lynx.event.Events;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import io.lynx.security.Principal;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of the guide's page on the context of requests. */
class ContextGuideTest {
    private static final Logger LOG = LoggerFactory.getLogger(ContextGuideTest.class);
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);

    private static Application start(HttpServer server) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server)
                .build();
        application.start();
        return application;
    }

    private static Map<String, String> prices(Deadline deadline) {
        return Map.of("A-17", deadline.isExpired() ? "unknown" : "4200");
    }

    @Test
    void readsTheContextAnywhere() throws Exception {
        // snippet: context-read
        HttpServer server = HttpServer.with(http -> http.get("/orders/{id}", (request, response) -> {
            LOG.info("Order was read"); // the line has request_id, and trace_id and span_id if there is a trace
            RequestContext context = RequestContext.current();
            String tenant = context.baggage().getOrDefault("tenant", "none");
            response.send(context.requestId() + " of " + tenant);
        }));
        // end
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /orders/7 HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\nbaggage: tenant=acme\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("r-1 of acme");
        }
    }

    @Test
    void wrapsWhatOtherThreadsRun() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> {
                // snippet: context-wrap
                Executor executor = RequestContext.wrap(threads);
                CompletableFuture<String> id = CompletableFuture.supplyAsync(
                        () -> RequestContext.current().requestId(), executor);
                Runnable task = () -> seen.add(RequestContext.current().requestId());
                Thread thread = new Thread(RequestContext.wrap(task));
                // end
                thread.start();
                thread.join();
                response.send(id.get());
            }));
            try (Application _ = start(server);
                    RawClient client = new RawClient(server.port())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("r-1");
                assertThat(seen).containsExactly("r-1");
            }
        }
    }

    @Test
    void usesWhatIsLeftOfTheTime() throws Exception {
        // snippet: context-deadline
        HttpServer server = HttpServer.with(http ->
                http.get("/prices", RouteOptions.defaults().withTimeout(Duration.ofSeconds(5)), (request, response) -> {
                    Deadline deadline = request.deadline().orElseThrow();
                    Deadline forPrices = deadline.minus(Duration.ofMillis(100)); // leave time to answer
                    response.json(prices(forPrices));
                }));
        // end
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.get("/prices");
            assertThat(client.answer().body()).contains("4200");
        }
    }

    @Test
    void stopsWithTheRequest() throws Exception {
        List<String> cancelled = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> {
            CompletableFuture<String> query = CompletableFuture.completedFuture("row");
            // snippet: context-cancel
            try (var _ = RequestContext.current().onCancel(() -> query.cancel(true))) {
                response.send(query.get());
            }
            // end
            cancelled.add("no");
        }));
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.get("/");
            assertThat(client.answer().body()).isEqualTo("row");
        }
        assertThat(cancelled).containsExactly("no");
    }

    @Test
    void followsEvents() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Events events = Events.builder().build()) {
            // snippet: context-events
            Subscription subscription = events.subscribe(
                    PLACED,
                    order -> seen.add(order + " " + RequestContext.current().requestId()));
            // end
            events.publish(PLACED, "A-17");
            Await.until("handled", () -> subscription.snapshot().processed() == 1);
        }
        assertThat(seen).containsExactly("A-17 ");
    }

    @Test
    void passesTheContextOn() throws Exception {
        Map<String, String> headers = new TreeMap<>();
        HttpServer server = HttpServer.builder()
                // snippet: context-principal
                .interceptors(added -> added.add(StandardInterceptors.AUTHENTICATION, (request, response, next) -> {
                    RequestContext.current().authenticated(Principal.of("alice"));
                    next.handle(request, response);
                }))
                // end
                .routes(http -> http.get("/", (_, response) -> {
                    // snippet: context-propagate
                    RequestContext.current().withBaggage("tenant", "acme").propagate(headers::put);
                    // end
                    response.send(
                            RequestContext.current().principal().orElseThrow().name());
                }))
                .build();
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: r-1\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("alice");
        }
        assertThat(headers).containsEntry("x-request-id", "r-1").containsEntry("baggage", "tenant=acme");
    }
}
