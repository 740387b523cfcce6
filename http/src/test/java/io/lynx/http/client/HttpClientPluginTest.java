package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.app.Application;
import io.lynx.app.ApplicationView;
import io.lynx.app.ShutdownReport;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.metrics.MetricsSnapshot;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.resilience.CallRejectedException;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients of an application, by name. */
class HttpClientPluginTest {
    /** A plugin that makes calls. */
    private static final class Orders implements Plugin {
        private volatile @Nullable HttpClient client;
        private volatile @Nullable ApplicationView view;

        HttpClient inventory() {
            return Objects.requireNonNull(client);
        }

        ApplicationView application() {
            return Objects.requireNonNull(view);
        }

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders")
                    .requires(HttpClientPlugin.id("inventory"))
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(new HttpClientPlugin("inventory"));
        }

        @Override
        public void start(PluginContext context) {
            client = context.resource(HttpClientPlugin.key("inventory"));
            view = context.resource(ApplicationView.KEY);
        }
    }

    private static Application.Builder application(Plugin plugin) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .plugin(plugin);
    }

    private static Application start(Plugin plugin, String... keysAndValues) {
        Application.Builder builder = application(plugin);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.set("lynx.clients.inventory." + keysAndValues[i], keysAndValues[i + 1]);
        }
        Application application = builder.build();
        application.start();
        return application;
    }

    @Test
    void isConfiguredByItsNameAndMeasured() {
        Orders orders = new Orders();
        try (TestService service = TestService.with(routes -> routes.get(
                        "/items/{id}",
                        (request, response) ->
                                response.send(request.header("x-tenant").orElse(""))));
                Application _ = start(
                        orders, "url", "http://127.0.0.1:" + service.listener.port(), "headers.x-tenant", "blue")) {
            assertThat(orders.inventory().get("/items/{id}", 7).send().text()).isEqualTo("blue");
            assertThat(orders.inventory().get("/items/{id}", 8).send().text()).isEqualTo("blue");
            assertThat(orders.inventory().get("/nothing").send().status()).isEqualTo(404);

            MetricsSnapshot metrics = orders.application().metrics().snapshot();
            Map<String, String> labels = Map.of(
                    "client",
                    "inventory",
                    "method",
                    "GET",
                    "path",
                    "/items/{id}",
                    "status_code",
                    "200",
                    "protocol",
                    "http");
            assertThat(metrics.find("lynx_client_requests_total", labels))
                    .hasValueSatisfying(series -> assertThat(series.value()).isEqualTo(2));
            assertThat(metrics.find(
                            "lynx_client_connections",
                            Map.of("client", "inventory", "state", "idle", "protocol", "http")))
                    .hasValueSatisfying(series -> assertThat(series.value()).isEqualTo(1));
            assertThat(orders.application().breakers().find("client.inventory")).isPresent();
        }
    }

    @Test
    void callsThatAPolicyRejectsAreMeasured() {
        Orders orders = new Orders();
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> response.send("ok")));
                Application _ = start(
                        orders,
                        "url",
                        "http://127.0.0.1:" + service.listener.port(),
                        "policies.rate_limit",
                        "1",
                        "policies.rate_period",
                        "1h")) {
            assertThat(orders.inventory().get("/").send().status()).isEqualTo(200);
            assertThatThrownBy(() -> orders.inventory().get("/").send()).isInstanceOf(CallRejectedException.class);

            MetricsSnapshot metrics = orders.application().metrics().snapshot();
            assertThat(metrics.find(
                            "lynx_client_errors_total",
                            Map.of("client", "inventory", "reason", "rejected", "protocol", "http")))
                    .hasValueSatisfying(series -> assertThat(series.value()).isEqualTo(1));
        }
    }

    @Test
    void opensNoConnectionAndNoThreadBeforeTheFirstCall() {
        Orders orders = new Orders();
        try (Application _ = start(orders, "url", "http://127.0.0.1:1")) {
            assertThat(orders.inventory().counts().servers()).isZero();
        }
    }

    @Test
    void sayWhatIsWrongWithTheConfiguration() {
        assertThatThrownBy(() -> start(new Orders())).hasStackTraceContaining("lynx.clients.inventory.url: missing");
        assertThatThrownBy(() -> start(new Orders(), "url", "ftp://x"))
                .hasStackTraceContaining("url is not one of a service");
        assertThatThrownBy(() -> start(new Orders(), "url", "http://x", "timout", "1s"))
                .hasStackTraceContaining("did you mean 'timeout'?");
        assertThatThrownBy(() -> start(new Orders(), "url", "http://x", "addresses", "a"))
                .hasStackTraceContaining("'a' is not an address");
    }

    @Test
    void aShutdownWaitsForCallsInFlight() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        Orders orders = new Orders();
        try (TestService service = TestService.with(routes -> routes.get("/", (_, response) -> {
                    hold.await();
                    response.send("late");
                }));
                Application application = start(orders, "url", "http://127.0.0.1:" + service.listener.port());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> call =
                    threads.submit(() -> orders.inventory().get("/").send().text());
            Await.until("the call waits", () -> orders.inventory().counts().active() == 1);
            Future<ShutdownReport> stop = threads.submit(application::stop);
            Await.asserted("further calls are refused", () -> assertThat(
                            catchThrowableOfType(HttpCallException.class, () -> orders.inventory()
                                            .get("/")
                                            .timeout(Duration.ofMillis(50))
                                            .send())
                                    .reason())
                    .isEqualTo(Reason.CLOSED));
            hold.countDown();

            assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("late");
            assertThat(stop.get(20, TimeUnit.SECONDS).isClean()).isTrue();
        }
    }
}
