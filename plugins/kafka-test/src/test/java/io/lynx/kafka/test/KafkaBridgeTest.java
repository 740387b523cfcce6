package io.lynx.kafka.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.PublishResult;
import io.lynx.event.Topic;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Events that one application sends and another receives through a real broker. */
@WithKafka
class KafkaBridgeTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private record Handlers(Consumer<PluginContext> subscribing) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("handlers").build();
        }

        @Override
        public void start(PluginContext context) {
            subscribing.accept(context);
        }
    }

    private static LynxTest start(Consumer<PluginContext> subscribing, String key, String value) {
        return LynxTest.application(app -> app.discoverPlugins(false)
                        .plugin(new KafkaPlugin())
                        .plugin(new BridgePlugin("orders"))
                        .plugin(new Handlers(subscribing)))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .with("lynx.events.bridges.orders.transport", "kafka")
                .with("lynx.events.bridges.orders." + key, value)
                .start();
    }

    @Test
    void eventsArriveOnceInTheOrderOfTheirKeyAndPoisonIsADeadLetter(TestKafka kafka) {
        kafka.createTopic("lynx.business", 3);
        try (LynxTest sender = start(_ -> {}, "forward", "business/order.*");
                LynxTest worker = start(
                        context -> context.events().subscribe(PLACED, seen::add), "receive", "business/order.placed")) {
            for (int i = 0; i < 60; i++) {
                PublishResult result = sender.application()
                        .events()
                        .publish(PLACED, "o-" + i % 5 + " " + i / 5, EventHeaders.NONE.withKey("o-" + i % 5));
                assertThat(result.isAccepted()).isTrue();
            }
            Await.until("all are received", PATIENCE, () -> seen.size() >= 60);

            assertThat(seen).hasSize(60);
            for (int order = 0; order < 5; order++) {
                String key = "o-" + order + " ";
                assertThat(seen.stream().filter(each -> each.startsWith(key)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 12).mapToObj(i -> key + i).toList());
            }
            ConsumerRecord<byte[], byte[]> record =
                    kafka.records("lynx.business").getFirst();
            assertThat(header(record, "ce_type")).isEqualTo("order.placed");
            assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
            assertThat(header(record, "content-type")).isEqualTo("application/json");
            assertThat(new String(record.key(), UTF_8)).isEqualTo(header(record, "ce_partitionkey"));

            var _ = TestApplications.sender(sender).send("lynx.business", "x", "no event");
            Await.until(
                    "the poison message is a dead letter",
                    PATIENCE,
                    () -> worker.metrics()
                                    .value("lynx_event_bridge_received_total", "bridge", "orders", "outcome", "poison")
                            == 1);
            assertThat(kafka.values("lynx.business.dead-letters")).containsExactly("no event");
            Await.until("all are committed", PATIENCE, () -> kafka.committed("orders", "lynx.business") == 61);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
