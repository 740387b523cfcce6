package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigSection;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.ResourceKey;
import io.lynx.plugin.TrafficListener;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private final Context context = new Context();

    @Test
    void isThePluginHttp() {
        HttpServer server = HttpServer.with(http -> {});

        assertThat(server.descriptor().id()).isEqualTo("http");
        assertThat(server.descriptor().section()).isEqualTo(ConfigSection.of("lynx.http", HttpConfig.class));
    }

    @Test
    void opensWithTheRoutesOfOthersAndStops() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/own", (_, response) -> response.send("own")));
        server.start(context);
        context.resource(HttpServer.ROUTES).get("/other", (_, response) -> response.send("other"));
        TrafficListener listener = context.listeners.getFirst();
        assertThat(listener.name()).isEqualTo("http");
        assertThat(listener.urls()).isEmpty();
        assertThat(server.port()).isZero();

        listener.open();

        assertThat(listener.urls()).containsExactly("http://127.0.0.1:" + server.port());
        try (RawClient client = new RawClient(server.port())) {
            client.get("/own");
            assertThat(client.answer().body()).isEqualTo("own");
            client.get("/other");
            assertThat(client.answer().body()).isEqualTo("other");
        }
        assertThatThrownBy(() -> context.resource(HttpServer.ROUTES).get("/late", (_, _) -> {}))
                .isInstanceOf(IllegalStateException.class);
        listener.announceStop();
        listener.drain(Deadline.after(Duration.ofSeconds(5), Ticker.system()));
        listener.close();
        server.stop(Deadline.after(Duration.ofSeconds(1), Ticker.system()));
        assertThat(listener.urls()).isEmpty();
        TestServer.await(() -> threads("lynx-http").isEmpty());
    }

    @Test
    void startsAgainAfterItsStop() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")));
        for (int i = 0; i < 2; i++) {
            Context fresh = new Context();
            server.start(fresh);
            fresh.listeners.getFirst().open();
            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                assertThat(client.answer().status()).isEqualTo(200);
            }
            server.stop(Deadline.after(Duration.ofSeconds(1), Ticker.system()));
        }
    }

    @Test
    void standsBesideAnotherInOneProcess() throws Exception {
        HttpServer service = HttpServer.with(http -> http.get("/", (_, response) -> response.send("service")));
        HttpServer management = HttpServer.builder()
                .id("management")
                .config(HttpConfig.defaults().withHost("127.0.0.1").withPort(0))
                .eventLoops(1)
                .routes(http -> http.get("/", (_, response) -> response.send("management")))
                .build();
        assertThat(management.descriptor().section()).isNull();
        service.start(context);
        management.start(context);
        for (TrafficListener listener : context.listeners) {
            listener.open();
        }

        for (HttpServer server : List.of(service, management)) {
            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                assertThat(client.answer().body()).isEqualTo(server.equals(service) ? "service" : "management");
            }
        }
        service.listener().close();
        try (RawClient client = new RawClient(management.port())) {
            client.get("/");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        management.listener().close();
    }

    @Test
    void saysWhenItIsAskedTooEarly() {
        HttpServer server = HttpServer.with(http -> {});

        assertThatThrownBy(server::port).hasMessage("http server http: not started");
        server.start(context);
        assertThatThrownBy(server::url).hasMessage("listener http: it is not open");
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** As much of an application as a server sees. */
    private static final class Context implements PluginContext {
        private final Map<String, Object> shared = new HashMap<>();
        private final List<TrafficListener> listeners = new ArrayList<>();

        @Override
        public String id() {
            return "http";
        }

        @Override
        public <T extends Record> T config(Class<T> type) {
            return type.cast(HttpConfig.defaults().withHost("127.0.0.1").withPort(0));
        }

        @Override
        public <T extends Record> T config(ConfigSection<T> section) {
            return config(section.type());
        }

        @Override
        public Ticker ticker() {
            return Ticker.system();
        }

        @Override
        public Scheduler scheduler() {
            return new ManualTime();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofVirtual().factory();
        }

        @Override
        public <T extends AutoCloseable> T own(T resource) {
            return resource;
        }

        @Override
        public <T> void share(ResourceKey<T> key, T value) {
            shared.put(key.name(), value);
        }

        @Override
        public <T> T resource(ResourceKey<T> key) {
            return findResource(key).orElseThrow();
        }

        @Override
        public <T> Optional<T> findResource(ResourceKey<T> key) {
            return Optional.ofNullable(shared.get(key.name())).map(key.type()::cast);
        }

        @Override
        public void healthCheck(String name, HealthCheckOptions options, HealthCheck check) {}

        @Override
        public void traffic(TrafficListener listener) {
            listeners.add(listener);
        }
    }
}
