package io.lynx.kafka.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.health.HealthStatus;
import io.lynx.kafka.KafkaOutageException;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that accept connections and are no Kafka. */
class KafkaBadServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** An answer of two gigabytes, which no heap of a test has room for. */
    private static final String HUGE = "\u007f\u00ff\u00ff\u00ff";

    /** Answers each connection with the same bytes, or passes it on to a broker. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private final AtomicBoolean isBroker = new AtomicBoolean();
        private final String answer;

        Server(String answer) throws IOException {
            this.answer = answer;
            Thread _ = Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    open.add(client);
                    if (isBroker.get()) {
                        passOn(client);
                    } else {
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            } catch (IOException closed) {
                // The test has ended.
            }
        }

        private void passOn(Socket client) throws IOException {
            String address = TestKafka.server().address();
            Socket broker = new Socket(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.indexOf(':') + 1)));
            open.add(broker);
            Thread _ = Thread.ofVirtual().start(() -> copy(client, broker));
            Thread _ = Thread.ofVirtual().start(() -> copy(broker, client));
        }

        private static void copy(Socket from, Socket to) {
            try {
                long _ = from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException broken) {
                // The test closes both.
            }
        }

        String address() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket each : open) {
                each.close();
            }
        }
    }

    private static LynxTest.Builder application(Server server) {
        return LynxTest.of(new KafkaPlugin())
                .with("lynx.kafka.servers", server.address())
                .with("lynx.kafka.request_timeout", "1s")
                .with("lynx.kafka.health_timeout", "1s")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.startup.plugin_timeout", "3s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0000\u0000\u0000\u0005hello", HUGE})
    void theStartNamesTheAddressAndTheRemedy(String answer) throws IOException {
        try (Server server = new Server(answer)) {
            LynxTest.Builder application = application(server);

            assertThatThrownBy(() -> application.start().close())
                    .hasMessageContaining("kafka://" + server.address() + " cannot be reached")
                    .hasMessageContaining("lynx.kafka.startup: degrade");
            assertThat(server.open).isNotEmpty();
        }
    }

    @Test
    void connectsWhenABrokerTakesThePlaceOfAServerThatIsNone() throws IOException {
        try (Server server = new Server(HUGE);
                LynxTest lynx = application(server)
                        .with("lynx.kafka.startup", "degrade")
                        .with("lynx.kafka.health_timeout", "5s")
                        .start()) {
            assertThat(server.open).isNotEmpty();

            server.isBroker.set(true);

            Await.until(
                    "the plugin has connected",
                    PATIENCE,
                    () -> lynx.application()
                                    .health()
                                    .snapshot()
                                    .check("kafka")
                                    .orElseThrow()
                                    .status()
                            == HealthStatus.UP);
        }
    }

    private static LynxTest connected(Server server, String maxWait) {
        server.isBroker.set(true);
        return application(server)
                .with("lynx.kafka.health_timeout", "5s")
                .with("lynx.startup.plugin_timeout", "30s")
                .with("lynx.kafka.producer.max_wait", maxWait)
                .start();
    }

    @Test
    void aProducerWhoseThreadEndedByAnAnswerIsReplaced() throws IOException {
        try (Server server = new Server(HUGE);
                LynxTest lynx = connected(server, "1s")) {
            // The producer connects at its first send; the answer ends its thread.
            server.isBroker.set(false);
            assertThatThrownBy(() -> TestApplications.sender(lynx).send("bad-server", null, "first"))
                    .isInstanceOf(KafkaOutageException.class);

            server.isBroker.set(true);

            Await.asserted("another producer sends", PATIENCE, () -> TestApplications.sender(lynx)
                    .send("bad-server", null, "second"));
        }
    }

    @Test
    void publishingEndsAtItsDeadlineAlthoughTheClientStillWaits() throws Exception {
        List<BridgeMessage> messages = IntStream.range(0, 10)
                .mapToObj(i -> new BridgeMessage(Map.of("id", "m" + i), new byte[] {1}))
                .toList();
        try (Server server = new Server("");
                LynxTest lynx = connected(server, "50s")) {
            server.isBroker.set(false);
            BridgeTransport transport = lynx.resource(BridgeTransport.key("kafka"));
            long began = Ticker.system().nanos();

            List<UnpublishedMessage> left =
                    transport.publish("bad-server", messages, Deadline.after(Duration.ofSeconds(1), Ticker.system()));

            assertThat(Duration.ofNanos(Ticker.system().nanos() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(left)
                    .extracting(UnpublishedMessage::message, UnpublishedMessage::isPermanent)
                    .containsExactlyElementsOf(messages.stream()
                            .map(message -> Tuple.tuple(message, false))
                            .toList());
        }
    }
}
