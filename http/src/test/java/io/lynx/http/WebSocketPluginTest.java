package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecord;
import io.lynx.testkit.Await;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** WebSockets of a plugin: its restart, its failures, its metrics. */
class WebSocketPluginTest {
    private final CountDownLatch returned = new CountDownLatch(2);

    private void chat(Routes routes) {
        routes.webSocket("/chat/{room}", socket -> {
            try {
                for (WebSocketMessage message : socket) {
                    if (message.text().equals("fail")) {
                        throw new IllegalStateException("the room is on fire");
                    }
                    socket.send(message.text());
                }
            } finally {
                returned.countDown();
            }
        });
    }

    private final HttpServer server = HttpServer.with(http -> http.path("/own", this::chat));

    private final Plugin chat = new Plugin() {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("chat").uses("http").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(HttpServer.ROUTES).add(context, WebSocketPluginTest.this::chat);
        }
    };

    private Application start() {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server)
                .plugin(chat)
                .build();
        application.start();
        return application;
    }

    private SocketClient open(String path) throws Exception {
        SocketClient client = SocketClient.open(new RawClient(server.port()), path);
        client.send(SocketClient.TEXT, "hello");
        assertThat(client.read()).hasToString("text hello");
        return client;
    }

    @Test
    void aRestartClosesItsSockets() throws Exception {
        try (Application application = start();
                SocketClient own = open("/own/chat/a");
                SocketClient client = open("/chat/a")) {
            application.restart("chat");

            assertThat(client.read()).hasToString("close 1012");
            client.close(1012);
            assertThat(client.rest()).isEmpty();
            own.send(SocketClient.TEXT, "still there");
            assertThat(own.read()).hasToString("text still there");
            try (SocketClient again = open("/chat/a")) {
                again.close(1000);
                assertThat(again.rest()).containsExactly("close 1000");
            }
            assertThat(application.recovery().recentErrors(10)).isEmpty();
        }
    }

    @Test
    void aRestartOfTheServerClosesItsOwn() throws Exception {
        try (Application application = start();
                SocketClient own = open("/own/chat/a");
                SocketClient client = open("/chat/a")) {
            application.restart("http");

            assertThat(own.read()).hasToString("close 1012");
            assertThat(client.read()).hasToString("close 1012");
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theEndOfTheApplicationClosesAll() throws Exception {
        Application application = start();
        try (SocketClient own = open("/own/chat/a");
                SocketClient client = open("/chat/a")) {
            Thread stop = Thread.ofPlatform().start(application::close);

            assertThat(own.read()).hasToString("close 1001");
            assertThat(client.read()).hasToString("close 1001");
            own.close(1001);
            client.close(1001);
            assertThat(own.rest()).isEmpty();
            assertThat(client.rest()).isEmpty();
            own.close();
            client.close();
            stop.join();
        } finally {
            application.close();
        }
    }

    @Test
    void aFailureIsAnErrorOfThePluginAndClosesNoOtherSocket() throws Exception {
        try (Application application = start();
                SocketClient other = open("/chat/a");
                SocketClient client = open("/chat/a")) {
            client.send(SocketClient.TEXT, "fail");
            assertThat(client.rest()).containsExactly("close 1011");

            Await.until(
                    "the error is recorded",
                    () -> !application.recovery().recentErrors(10).isEmpty());
            ErrorRecord error = application.recovery().recentErrors(10).getFirst();
            assertThat(error.component()).isEqualTo("chat");
            assertThat(error.message()).isEqualTo("the room is on fire");
            other.send(SocketClient.TEXT, "hello");
            assertThat(other.read()).hasToString("text hello");
        }
    }

    private static List<String> series(Application application, String name) {
        return application.metrics().snapshot().series().getOrDefault(name, List.of()).stream()
                .map(series -> series.labels().entrySet().stream()
                                .filter(label -> !label.getKey().equals("protocol"))
                                .map(label -> label.getValue())
                                .sorted()
                                .collect(Collectors.joining(" "))
                        + " " + (long) series.value())
                .sorted()
                .toList();
    }

    @Test
    void isMeasuredByRoute() throws Exception {
        try (Application application = start();
                SocketClient first = open("/chat/a");
                SocketClient second = open("/chat/b")) {
            assertThat(series(application, "lynx_websockets")).containsExactly("/chat/{room} 2");
            Await.asserted(
                    "what was sent is measured", () -> assertThat(series(application, "lynx_websocket_messages_total"))
                            .containsExactly("/chat/{room} received 2", "/chat/{room} sent 2"));

            first.close(1000);
            assertThat(first.rest()).containsExactly("close 1000");
            second.send(SocketClient.CLOSE, SocketClient.status(4321, ""));
            assertThat(second.rest()).containsExactly("close 4321");

            assertThat(series(application, "lynx_websockets")).containsExactly("/chat/{room} 0");
            assertThat(series(application, "lynx_websocket_closes_total"))
                    .containsExactly("/chat/{room} 1000 1", "/chat/{room} other 1");
            Await.until("the requests are measured", () -> series(application, "lynx_requests_total")
                    .contains("/chat/{room} 101 GET 2"));
        }
    }
}
