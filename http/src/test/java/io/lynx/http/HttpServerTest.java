package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.TrafficListener;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private final RecordingContext context = context();

    @Test
    void isThePluginHttp() {
        HttpServer server = HttpServer.with(http -> {});

        assertThat(server.descriptor().id()).isEqualTo("http");
        assertThat(server.descriptor().sections()).containsExactly(ConfigSection.of("lynx.http", HttpConfig.class));
    }

    @Test
    void opensWithTheRoutesOfOthersAndStops() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/own", (_, response) -> response.send("own")));
        server.start(context);
        RecordingContext other =
                RecordingContext.onRealTime(PluginDescriptor.of("other").build());
        context.resource(HttpServer.ROUTES)
                .add(other, http -> http.get("/other", (_, response) -> response.send("other")));
        TrafficListener listener = context.trafficListeners().getFirst();
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
        listener.announceStop();
        listener.drain(Deadline.after(Duration.ofSeconds(5), Ticker.system()));
        listener.close();
        server.stop(Deadline.after(Duration.ofSeconds(1), Ticker.system()));
        assertThat(listener.urls()).isEmpty();
        TestServer.await(() -> threads("lynx-io").isEmpty());
    }

    @Test
    void startsAgainAfterItsStop() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")));
        for (int i = 0; i < 2; i++) {
            RecordingContext fresh = context();
            server.start(fresh);
            fresh.trafficListeners().getFirst().open();
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
        assertThat(management.descriptor().sections()).isEmpty();
        service.start(context);
        management.start(context);
        for (TrafficListener listener : context.trafficListeners()) {
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
    private static RecordingContext context() {
        return RecordingContext.onRealTime(HttpServer.with(_ -> {}).descriptor())
                .config(HttpConfig.defaults().withHost("127.0.0.1").withPort(0));
    }
}
