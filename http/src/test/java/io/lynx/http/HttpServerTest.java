package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
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
    void isThePluginHttpOnTheServicesListener() {
        HttpServer server = HttpServer.with(http -> {});

        assertThat(server.descriptor().id()).isEqualTo("http");
        assertThat(server.descriptor().sections()).containsExactly(ConfigSection.of("lynx.http", HttpConfig.class));
        assertThat(server.companions().stream().map(Plugin::descriptor).map(PluginDescriptor::id))
                .containsExactly("listener");
    }

    @Test
    void servesTheRoutesOfOthers() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/own", (_, response) -> response.send("own")));
        try (ListenerFixture fixture = ListenerFixture.start(context)) {
            server.start(context);
            RecordingContext other =
                    RecordingContext.onRealTime(PluginDescriptor.of("other").build());
            context.resource(HttpServer.ROUTES)
                    .add(other, http -> http.get("/other", (_, response) -> response.send("other")));
            TrafficListener listener = fixture.traffic();
            assertThat(listener.name()).isEqualTo("http");
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
        }
        assertThat(server.port()).isZero();
        TestServer.await(() -> threads("lynx-io").isEmpty());
    }

    @Test
    void aRestartLeavesItsListenerOpen() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")));
        try (Application application = application(server)) {
            application.start();
            int port = server.port();
            try (RawClient client = new RawClient(port)) {
                application.restart("http");

                client.get("/");
                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(server.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void startsAgainWithItsListener() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")));
        try (Application application = application(server)) {
            application.start();

            application.restart("listener");

            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                assertThat(client.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void standsBesideAnotherInOneApplication() throws Exception {
        HttpServer service = HttpServer.with(http -> http.get("/", (_, response) -> response.send("service")));
        HttpServer internal = HttpServer.builder()
                .id("internal")
                .routes(http -> http.get("/", (_, response) -> response.send("internal")))
                .build();
        try (Application application = application(service, internal)) {
            application.start();

            for (HttpServer server : List.of(service, internal)) {
                try (RawClient client = new RawClient(server.port())) {
                    client.get("/");
                    assertThat(client.answer().body()).isEqualTo(server.equals(service) ? "service" : "internal");
                }
            }
        }
    }

    private static Application application(Plugin... plugins) {
        Application.Builder application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0");
        for (Plugin plugin : plugins) {
            application
                    .plugin(plugin)
                    .set("lynx." + plugin.descriptor().id() + ".host", "127.0.0.1")
                    .set("lynx." + plugin.descriptor().id() + ".port", "0");
        }
        return application.build();
    }

    @Test
    void refusesToReturnItsAddressBeforeItIsOpen() {
        HttpServer server = HttpServer.with(http -> {});
        assertThatThrownBy(server::port).hasMessage("http server http: not started");

        try (ListenerFixture _ = ListenerFixture.start(context)) {
            server.start(context);

            assertThatThrownBy(server::url).hasMessage("listener http: it is not open");
        }
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static RecordingContext context() {
        return RecordingContext.onRealTime(HttpServer.with(_ -> {}).descriptor());
    }
}
