package io.lynx.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.app.StartException;
import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.health.HealthStatus;
import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bridges between applications, by a broker in memory. */
class BridgePluginTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Topic<String> SHIPPED = Topic.of("business", "order.shipped", String.class);
    private static final Topic<String> OTHER = Topic.of("business", "invoice.sent", String.class);

    private final InMemoryBroker broker = new InMemoryBroker();
    private final List<Event<?>> seen = new CopyOnWriteArrayList<>();

    /** JSON that knows strings without escapes only. */
    private static final class Strings implements JsonCodec {
        @Override
        public byte[] write(Object value) {
            return ('"' + value.toString() + '"').getBytes(UTF_8);
        }

        @Override
        @SuppressWarnings("unchecked") // The tests read strings only.
        public <T> T read(byte[] json, TypeOf<T> type) {
            String text = new String(json, UTF_8);
            if (text.length() < 2 || text.charAt(0) != '"') {
                throw new JsonReadException("", "is no text", null);
            }
            return (T) text.substring(1, text.length() - 1);
        }
    }

    private LynxTest application(FakePlugin plugin, String... settings) {
        LynxTest.Builder test = LynxTest.application((Application.Builder setup) -> setup.discoverPlugins(false)
                        .json(new Strings())
                        .plugin(broker.plugin("memory"))
                        .plugin(new BridgePlugin("orders"))
                        .plugin(plugin))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.0.0")
                .with("lynx.events.bridges.orders.transport", "memory")
                .with("lynx.events.bridges.orders.first_pause", "1ms")
                .with("lynx.events.bridges.orders.longest_pause", "20ms");
        for (int i = 0; i < settings.length; i += 2) {
            test.with("lynx.events.bridges.orders." + settings[i], settings[i + 1]);
        }
        return test.start();
    }

    private LynxTest sender() {
        return application(FakePlugin.named("sender"), "forward", "business/order.*", "source", "/orders");
    }

    private FakePlugin handler() {
        return FakePlugin.starting(PluginDescriptor.of("worker").build(), context -> {
            context.events().subscribe(PLACED, _ -> {});
            context.events().subscribe(TopicFilter.bus("business"), seen::add);
        });
    }

    private static void publish(LynxTest lynx, Topic<String> topic, String payload) {
        var _ = lynx.application().events().publish(topic, payload, EventHeaders.NONE.withKey("o-1"));
    }

    private void awaitSeen(int count) {
        Await.until(count + " events are received", () -> seen.size() >= count);
    }

    private List<String> payloads() {
        return seen.stream().map(event -> String.valueOf(event.payload())).toList();
    }

    @Test
    void anotherApplicationReceivesEventsInTheOrderOfTheirKey() {
        try (LynxTest sender = sender();
                LynxTest _ = application(handler(), "receive", "business/order.placed")) {
            IntStream.range(0, 300).forEach(i -> publish(sender, PLACED, "o-" + i));
            publish(sender, OTHER, "not bridged");

            awaitSeen(300);

            assertThat(payloads())
                    .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "o-" + i).toList());
            assertThat(seen.getFirst().isReceived()).isTrue();
            assertThat(seen.getFirst().headers().source()).isEqualTo("/orders");
            assertThat(broker.messages("lynx.business")).hasSize(300);
            // The receiver may have the last one before the sender has its acknowledgement.
            Await.asserted("all are acknowledged", () -> assertThat(sender.metrics()
                            .value("lynx_event_bridge_forwarded_total", "bridge", "orders", "outcome", "acknowledged"))
                    .isEqualTo(300));
        }
    }

    @Test
    void anEventThatCameInIsNotSentOutAgain() {
        try (LynxTest sender = sender();
                LynxTest both = application(
                        FakePlugin.starting(PluginDescriptor.of("both").build(), context -> {
                            context.events().subscribe(TopicFilter.bus("business"), seen::add);
                            context.events()
                                    .subscribe(PLACED, order -> context.events().publish(SHIPPED, order));
                        }),
                        "receive",
                        "business/order.placed",
                        "forward",
                        "business/order.*")) {
            publish(sender, PLACED, "o-1");

            Await.until(
                    "the answer is sent", () -> broker.messages("lynx.business").size() == 2);

            assertThat(broker.messages("lynx.business"))
                    .extracting(BridgeMessage::type)
                    .containsExactly("order.placed", "order.shipped");
            both.stop();
            assertThat(broker.messages("lynx.business")).hasSize(2);
        }
    }

    @Test
    void eventsWaitWhileTheBrokerIsDown() {
        broker.stop();
        try (LynxTest sender = sender();
                LynxTest _ = application(handler(), "receive", "business/order.placed")) {
            publish(sender, PLACED, "o-1");
            publish(sender, PLACED, "o-2");
            Await.until("sending fails", () -> status(sender) == HealthStatus.DEGRADED);

            broker.start();
            awaitSeen(2);

            assertThat(payloads()).containsExactly("o-1", "o-2");
            Await.until("the bridge is healthy again", () -> status(sender) == HealthStatus.UP);
        }
    }

    private static HealthStatus status(LynxTest lynx) throws Exception {
        return lynx.application()
                .health()
                .probe(BridgePlugin.id("orders"))
                .orElseThrow()
                .check()
                .status();
    }

    @Test
    void aLostAcknowledgementLeadsToASecondDelivery() {
        broker.loseAcknowledgements(1);
        try (LynxTest sender = sender();
                LynxTest _ = application(handler(), "receive", "business/order.placed")) {
            publish(sender, PLACED, "o-1");

            awaitSeen(2);

            assertThat(seen.get(0).id()).isEqualTo(seen.get(1).id());
        }
    }

    @Test
    void aHandlerThatFailsReceivesTheEventAgainUntilItBecomesADeadLetter() {
        AtomicInteger calls = new AtomicInteger();
        FakePlugin failing = FakePlugin.starting(PluginDescriptor.of("worker").build(), context -> context.events()
                .subscribe(PLACED, order -> {
                    if (order.equals("bad")) {
                        calls.incrementAndGet();
                        throw new IllegalStateException("cannot ship");
                    }
                }));
        try (LynxTest sender = sender();
                LynxTest worker = application(failing, "receive", "business/order.placed", "attempts", "3")) {
            publish(sender, PLACED, "bad");
            publish(sender, PLACED, "good");

            Await.until(
                    "the dead letter is sent",
                    () -> broker.messages("lynx.business.dead-letters").size() == 1);

            assertThat(calls).hasValue(3);
            assertThat(broker.messages("lynx.business.dead-letters").getFirst().attribute("lynxreason"))
                    .contains("cannot ship");
            Await.until(
                    "the good one is processed",
                    () -> worker.metrics()
                                    .value(
                                            "lynx_event_bridge_received_total",
                                            "bridge",
                                            "orders",
                                            "outcome",
                                            "processed")
                            == 1);
        }
    }

    @Test
    void aMessageThatIsNotHandledAtTheStopGoesToAnotherInstance() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        FakePlugin hanging = FakePlugin.starting(PluginDescriptor.of("worker").build(), context -> context.events()
                .subscribe(PLACED, _ -> {
                    begun.complete(null);
                    gate.get();
                }));
        try (LynxTest sender = sender()) {
            LynxTest first = application(
                    hanging, "receive", "business/order.placed", "first_pause", "10m", "longest_pause", "1h");
            publish(sender, PLACED, "o-1");
            begun.get();
            gate.completeExceptionally(new IllegalStateException("not now"));
            // The event waits for another attempt in an hour; the stop returns it to the broker.
            assertThat(first.stop().isClean()).isTrue();

            try (LynxTest _ = application(handler(), "receive", "business/order.placed")) {
                awaitSeen(1);
            }
            assertThat(payloads()).containsExactly("o-1");
        }
    }

    @Test
    void aTransportThatDoesNotRunIsNamed() {
        assertThatThrownBy(() -> application(FakePlugin.named("alone"), "transport", "kafka"))
                .isInstanceOf(StartException.class)
                .hasStackTraceContaining("lynx.events.bridges.orders.transport: 'kafka' is not a running plugin");
    }

    @Test
    void aTopicWithoutABusIsRefused() {
        assertThatThrownBy(() -> application(FakePlugin.named("alone"), "forward", "order.placed"))
                .isInstanceOf(StartException.class)
                .hasStackTraceContaining("write <bus>/<type>");
    }

    @Test
    void eventsOfOtherProgramsAreReceived() {
        try (LynxTest _ = application(handler(), "receive", "business/order.placed")) {
            broker.add(
                    "lynx.business",
                    new BridgeMessage(
                            Map.of("specversion", "1.0", "id", "1", "source", "/shop", "type", "order.placed"),
                            "\"lamp\"".getBytes(UTF_8)));

            awaitSeen(1);

            assertThat(payloads()).containsExactly("lamp");
        }
    }
}
