package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.config.Default;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A protocol in an application that has no HTTP server. */
class ProtocolApplicationTest {
    private static final Duration BUDGET = Duration.ofSeconds(16);

    /** Keys of the protocol in the section that it shares with the listener. */
    public record Greeting(@Default("hello") String greeting) {}

    private record GreetingPlugin(Consumer<Stream> protocol) implements Plugin {
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
            assertThat(context.config(Greeting.class).greeting()).isEqualTo("good day");
            context.own(context.resource(Protocols.KEY)
                    .register("greeting", Protocols.GENERAL, ProtocolServer.handler(protocol)));
        }
    }

    private static Application application(Consumer<Stream> protocol) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "greetings")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.timeout", BUDGET.toSeconds() + "s")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.greeting", "good day")
                .plugin(new GreetingPlugin(protocol))
                .build();
    }

    private static int port(Application application) {
        String url = application.urls().getFirst();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    @Test
    void longLivedStreamsAreEndedByAShutdownAndCountedSeparately() throws Exception {
        Application application = application(stream -> {
            assertThat(stream.longLived(new DrainListener() {
                        @Override
                        public void draining(Deadline deadline) {}

                        @Override
                        public void goodbye() {
                            stream.end();
                            stream.workDone();
                        }
                    }))
                    .isTrue();
            stream.answer(200, List.of(), -1, true);
            stream.write(new byte[] {'a'}, 0, 1, _ -> {});
        });
        application.start();
        try (WireClient client = new WireClient(port(application))) {
            client.request("/");
            assertThat(client.head().status()).isEqualTo(200);

            ShutdownReport report = application.stop();

            assertThat(client.rest()).endsWith("0\r\n\r\n");
            assertThat(report.isClean()).isTrue();
            assertThat(report.longLivedEnded()).isOne();
            assertThat(report.requestsFailed()).isZero();
            assertThat(report.inFlightAtEnd()).isZero();
            assertThat(report.took()).isLessThan(BUDGET.dividedBy(2));
        }
    }

    @Test
    void servesOnTheListenerOfTheApplication() throws Exception {
        Application application = application(stream -> ProtocolServer.answer(stream, "good day"));
        application.start();
        try (WireClient client = new WireClient(port(application))) {
            client.request("/");
            assertThat(client.answer().body()).isEqualTo("good day");
        }

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
    }
}
