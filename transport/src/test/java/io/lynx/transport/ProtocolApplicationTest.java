package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.config.Default;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A protocol in an application that has no HTTP server. */
class ProtocolApplicationTest {
    /** Keys of the protocol in the section that it shares with the listener. */
    public record Greeting(@Default("hello") String greeting) {}

    private static final class GreetingPlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("greeting")
                    .requires(ListenerPlugin.ID)
                    .config("lynx.http", Greeting.class)
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(new ListenerPlugin());
        }

        @Override
        public void start(PluginContext context) {
            String greeting = context.config(Greeting.class).greeting();
            context.own(context.resource(Protocols.KEY)
                    .register(
                            "greeting",
                            Protocols.GENERAL,
                            ProtocolServer.handler(stream -> ProtocolServer.answer(stream, greeting))));
        }
    }

    @Test
    void servesOnTheListenerOfTheApplication() throws Exception {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "greetings")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.greeting", "good day")
                .plugin(new GreetingPlugin())
                .build();
        application.start();
        String url = application.urls().getFirst();
        int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        try (WireClient client = new WireClient(port)) {
            client.request("/");
            assertThat(client.answer().body()).isEqualTo("good day");
        }

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
    }
}
