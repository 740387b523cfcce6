package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.app.ApplicationView;
import io.lynx.app.StartException;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were accepted for a plugin which is then restarted. */
class PluginRestartTest {
    private static final String HEAD = "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    private static final String CHUNKED_HEAD = "POST /orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** Answers by an instance that cannot be used once it has been stopped. */
    private static final class OrdersPlugin implements Plugin {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        private @Nullable AtomicBoolean open;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").uses("http").build();
        }

        @Override
        public void start(PluginContext context) {
            AtomicBoolean instance = new AtomicBoolean(true);
            open = instance;
            context.resource(HttpServer.ROUTES).add(context, routes -> routes.post("/orders", (request, response) -> {
                        String body = request.text();
                        requireOpen(instance);
                        response.send(body);
                    })
                    .get("/slow", (_, response) -> {
                        entered.countDown();
                        boolean _ = released.await(20, TimeUnit.SECONDS);
                        requireOpen(instance);
                        response.send("slow");
                    })
                    .post("/restart", (_, response) -> {
                        context.resource(ApplicationView.KEY).restart("orders");
                        response.send("restarted");
                    }));
        }

        private static void requireOpen(AtomicBoolean instance) {
            if (!instance.get()) {
                throw new IllegalStateException("pool has been closed");
            }
        }

        @Override
        public void stop(Deadline deadline) {
            AtomicBoolean instance = open;
            if (instance != null) {
                instance.set(false);
            }
        }
    }

    private final OrdersPlugin orders = new OrdersPlugin();
    private final HttpServer server = HttpServer.with(_ -> {});

    private Application application(String stopTimeout) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.shutdown.plugin_timeouts.orders", stopTimeout)
                .plugin(server)
                .plugin(orders)
                .build();
        application.start();
        return application;
    }

    @Test
    void noRequestReachesAnInstanceThatHasBeenStopped() throws Exception {
        Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
        AtomicBoolean done = new AtomicBoolean();
        try (Application application = application("20s")) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                clients.add(Thread.ofPlatform().start(() -> postUntil(done, seed, statuses)));
            }
            TestServer.await(() -> !statuses.isEmpty());

            for (int i = 0; i < 200; i++) {
                application.restart("orders");
            }
            done.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }

        Map<Integer, Integer> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.get()));
        assertThat(counts.keySet()).as("%s", counts).isSubsetOf(200, 503);
        assertThat(counts).containsKey(200);
    }

    /** Sends each body after its head, at different distances. */
    private void postUntil(AtomicBoolean done, int seed, Map<Integer, AtomicInteger> statuses) {
        try (RawClient client = new RawClient(server.port())) {
            for (int i = seed; !done.get(); i++) {
                boolean isChunked = i % 3 == 0;
                client.send(isChunked ? CHUNKED_HEAD : HEAD);
                LockSupport.parkNanos(i % 5 * 1_000_000L);
                client.send(isChunked ? "5\r\nhello\r\n0\r\n\r\n" : "hello");
                statuses.computeIfAbsent(client.answer().status(), _ -> new AtomicInteger())
                        .incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRequestWhoseBodyDoesNotArriveIsAnswered() throws Exception {
        try (Application application = application("1s");
                RawClient client = new RawClient(server.port())) {
            client.send(HEAD);
            TestServer.await(() -> application.requestsInFlight() == 1);

            application.restart("orders");
            client.send("hello");

            assertThat(client.answer().status()).isEqualTo(503);
            TestServer.await(() -> application.requestsInFlight() == 0);
        }
    }

    @Test
    void aHandlerThatOutlastsTheStopDoesNotFail() throws Exception {
        try (Application application = application("1s");
                RawClient client = new RawClient(server.port())) {
            client.get("/slow");
            assertThat(orders.entered.await(20, TimeUnit.SECONDS)).isTrue();

            application.restart("orders");
            orders.released.countDown();

            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(application.recovery().recentErrors(10)).isEmpty();
        }
    }

    @Test
    void aRequestIsFinishedBeforeTheStop() throws Exception {
        try (Application application = application("20s");
                RawClient client = new RawClient(server.port())) {
            client.get("/slow");
            assertThat(orders.entered.await(20, TimeUnit.SECONDS)).isTrue();

            Thread restart = Thread.ofPlatform().start(() -> restart(application));
            TestServer.await(() -> isAbsent(server.port()));
            assertThat(restart.isAlive()).isTrue();
            orders.released.countDown();

            assertThat(client.answer().body()).isEqualTo("slow");
            restart.join();
        }
    }

    /** Its stop waits for the handler, which waits for the restart: until the time of the stop is over. */
    @Test
    void aHandlerCanRestartItsOwnPlugin() throws Exception {
        try (Application application = application("1s");
                RawClient client = new RawClient(server.port())) {
            client.send("POST /restart HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.answer().body()).isEqualTo("restarted");
            assertThat(application.plugins())
                    .filteredOn(plugin -> plugin.id().equals("orders"))
                    .singleElement()
                    .satisfies(plugin -> {
                        assertThat(plugin.state()).isEqualTo(PluginState.RUNNING);
                        assertThat(plugin.restarts()).isEqualTo(1);
                    });
            assertThat(isAbsent(server.port())).isFalse();
        }
    }

    /** Adds its routes in two steps, and fails between them on demand. */
    private static final class Reports implements Plugin {
        volatile boolean isBroken;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("reports").requires("http").optional().build();
        }

        @Override
        public void start(PluginContext context) {
            ServerRoutes routes = context.resource(HttpServer.ROUTES);
            routes.add(context, http -> http.get("/reports", (_, response) -> response.send("reports")));
            if (isBroken) {
                throw new IllegalStateException("expected by the test");
            }
            routes.add(context, http -> http.get("/totals", (_, response) -> response.send("totals")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "reports"})
    void routesOfAPluginThatCannotStartAgainAreUnavailable(String restarted) throws Exception {
        Reports reports = new Reports();
        HttpServer pages = HttpServer.with(http -> http.get("/{path...}", (_, response) -> response.send("page")));
        try (Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(pages)
                .plugin(reports)
                .build()) {
            application.start();
            assertThat(get(pages, "/totals").body()).isEqualTo("totals");

            reports.isBroken = true;
            assertThatThrownBy(() -> application.restart(restarted)).isInstanceOf(StartException.class);

            // Recovery may be trying another start just now.
            for (String path : List.of("/reports", "/totals")) {
                TestServer.await(() -> "1".equals(get(pages, path).header("retry-after")));
            }
            assertThat(get(pages, "/other").body()).isEqualTo("page");

            reports.isBroken = false;
            application.restart("reports");
            assertThat(get(pages, "/reports").body()).isEqualTo("reports");
            assertThat(get(pages, "/totals").body()).isEqualTo("totals");
        }
    }

    private static RawClient.Answer get(HttpServer server, String path) {
        try (RawClient client = new RawClient(server.port())) {
            client.get(path);
            return client.answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void restart(Application application) {
        try {
            application.restart("orders");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAbsent(int port) {
        try (RawClient other = new RawClient(port)) {
            other.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            return other.answer().status() == 503;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
