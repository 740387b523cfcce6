package io.lynx.event.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Events;
import io.lynx.event.Overflow;
import io.lynx.event.ReceivedEvent;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.event.bridge.BridgeReception.NotAcknowledgedException;
import io.lynx.event.bridge.BridgeReception.ReceptionOutcome;
import io.lynx.event.bridge.ChannelNames.BridgedTopics;
import io.lynx.event.bridge.LocalDelivery.LocalOutcome;
import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of received messages, and how events look on their way. */
class LocalDeliveryTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final ManualTime time = new ManualTime();
    private final Events events =
            Events.builder().ticker(time).wallClock(time).scheduler(time).build();
    private final CloudEventCodec codec = new CloudEventCodec(new TextCodec(), "/orders", time);
    private final AtomicInteger retries = new AtomicInteger();
    private final LocalDelivery.Settings settings = new LocalDelivery.Settings(
            3,
            true,
            new RedeliveryPauses(Duration.ofMillis(100), Duration.ofSeconds(1)),
            time,
            time,
            new Random(1),
            retries::incrementAndGet);
    private final LocalDelivery delivery = new LocalDelivery(events, codec, settings);
    private final RecordingTransport transport = new RecordingTransport();
    private final BridgeReception reception = new BridgeReception(
            "orders",
            BridgedTopics.all("receive", List.of("business/order.*")),
            "me",
            codec,
            delivery,
            transport.deadLetters(time));

    @AfterEach
    void close() {
        events.close();
    }

    private BridgeMessage message(String id) {
        return codec.write(
                PLACED,
                "lamp",
                new ReceivedEvent(
                        id,
                        Instant.parse("2026-11-29T12:00:00Z"),
                        EventHeaders.NONE.withKey("o-1").withMetadata(Map.of("partitionkey", "o-1", "tenant", "acme"))),
                RequestContext.current());
    }

    /** Delivers on another thread, without real pauses. */
    private LocalOutcome delivered(BridgeMessage message) throws Exception {
        CompletableFuture<LocalOutcome> outcome = CompletableFuture.supplyAsync(() -> deliver(message));
        awaitDone(outcome);
        return outcome.get();
    }

    /** Lets the pauses pass. */
    private void awaitDone(CompletableFuture<LocalOutcome> outcome) {
        Await.until("the delivery is over", () -> {
            time.advance(Duration.ofSeconds(1));
            return outcome.isDone();
        });
    }

    private LocalOutcome deliver(BridgeMessage message) {
        try {
            return delivery.deliver(message);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void waitsForAnExternalSystemThatIsDown() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        events.subscribe(PLACED, _ -> {
            if (attempts.incrementAndGet() <= 10) {
                throw new IllegalStateException(new SQLTransientConnectionException("refused", "08001"));
            }
        });

        assertThat(delivered(message("e-1"))).isEqualTo(new LocalOutcome.Processed(1));
        assertThat(attempts).hasValue(11);
    }

    @Test
    void anEventHasTheAttributesOfCloudEvents() {
        BridgeMessage written = message("e-1");

        assertThat(written.attributes())
                .isEqualTo(Map.of(
                        "specversion", "1.0",
                        "id", "e-1",
                        "source", "/orders",
                        "type", "order.placed",
                        "time", "2026-11-29T12:00:00Z",
                        "datacontenttype", "application/json",
                        "lynxbus", "business",
                        "partitionkey", "o-1",
                        "tenant", "acme"));
        assertThat(new String(written.data(), UTF_8)).isEqualTo("\"lamp\"");
    }

    @Test
    void deliversWithIdTimeHeadersAndTrace() throws Exception {
        List<Event<?>> seen = new CopyOnWriteArrayList<>();
        List<String> traces = new CopyOnWriteArrayList<>();
        events.subscribe(PLACED, _ -> {});
        events.subscribe(TopicFilter.bus("business"), event -> {
            seen.add(event);
            traces.add(RequestContext.current().trace().orElseThrow().traceparent());
        });

        LocalOutcome outcome = delivered(message("e-1").with("traceparent", TRACE));

        assertThat(outcome).isEqualTo(new LocalOutcome.Processed(2));
        assertThat(seen).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo("e-1");
            assertThat(event.timestamp()).isEqualTo("2026-11-29T12:00:00Z");
            assertThat(event.headers().key()).isEqualTo("o-1");
            assertThat(event.headers().source()).isEqualTo("/orders");
            assertThat(event.headers().metadata()).containsEntry("tenant", "acme");
            assertThat(event.isReceived()).isTrue();
        });
        assertThat(traces).containsExactly(TRACE);
    }

    @Test
    void onlyTheHandlerThatFailedReceivesItAgain() throws Exception {
        AtomicInteger good = new AtomicInteger();
        AtomicInteger bad = new AtomicInteger();
        events.subscribe(PLACED, _ -> good.incrementAndGet());
        events.subscribe(PLACED, _ -> {
            if (bad.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        });

        LocalOutcome outcome = delivered(message("e-1"));

        assertThat(outcome).isEqualTo(new LocalOutcome.Processed(2));
        assertThat(good).hasValue(1);
        assertThat(bad).hasValue(3);
        assertThat(retries).hasValue(2);
    }

    @Test
    void aHandlerThatFailsInEveryAttemptIsNamed() throws Exception {
        IllegalStateException broken = new IllegalStateException("no");
        events.subscribe(
                PLACED,
                _ -> {
                    throw broken;
                },
                o -> o.name("shipping"));

        assertThat(delivered(message("e-1"))).isEqualTo(new LocalOutcome.Failed(List.of("shipping"), broken));
    }

    @Test
    void aFullQueueIsWaitedForWithoutLimit() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        events.subscribe(
                PLACED,
                payload -> {
                    seen.add(payload);
                    gate.get();
                },
                o -> o.queue(1, 0).overflow(Overflow.DROP_NEWEST));
        events.publish(PLACED, "first");
        Await.until("the handler has the first", () -> seen.size() == 1);
        events.publish(PLACED, "second");

        CompletableFuture<LocalOutcome> outcome = CompletableFuture.supplyAsync(() -> deliver(message("e-1")));
        Await.until("it has tried more often than handlers may fail", () -> {
            time.advance(Duration.ofSeconds(1));
            return retries.get() > 3;
        });
        assertThat(outcome).isNotDone();
        gate.complete(null);
        awaitDone(outcome);

        assertThat(outcome.get()).isEqualTo(new LocalOutcome.Processed(1));
        assertThat(seen).containsExactly("first", "second", "lamp");
    }

    @Test
    void acknowledgesWhatNothingSubscribesTo() throws Exception {
        reception.receive("lynx.business", message("e-1"));

        assertThat(reception.total(ReceptionOutcome.UNCLAIMED)).isEqualTo(1);
    }

    @Test
    void keepsAnEventWhileTheSubscriptionOfItsTopicIsClosed() throws Exception {
        Subscription first = events.subscribe(PLACED, _ -> {});
        reception.receive("lynx.business", message("e-1"));
        first.close();

        assertThatThrownBy(() -> reception.receive("lynx.business", message("e-2")))
                .isInstanceOf(NotAcknowledgedException.class)
                .hasMessageContaining("the subscriptions to its topic are closed");
        events.subscribe(PLACED, _ -> {});
        reception.receive("lynx.business", message("e-2"));

        assertThat(reception.total(ReceptionOutcome.PROCESSED)).isEqualTo(2);
        assertThat(reception.total(ReceptionOutcome.RETURNED)).isEqualTo(1);
    }

    @Test
    void leavesOutWhatThisProcessHasSent() throws Exception {
        events.subscribe(PLACED, _ -> {});

        reception.receive("lynx.business", message("e-1").with("lynxorigin", "me"));

        assertThat(reception.total(ReceptionOutcome.OWN)).isEqualTo(1);
    }

    @Test
    void aPoisonMessageIsCountedAndBecomesADeadLetter() throws Exception {
        events.subscribe(PLACED, _ -> {});

        reception.receive("lynx.business", new BridgeMessage(message("e-1").attributes(), "{".getBytes(UTF_8)));
        reception.receive("lynx.business", new BridgeMessage(Map.of("id", "e-2"), new byte[0]));

        assertThat(reception.total(ReceptionOutcome.POISON)).isEqualTo(2);
        assertThat(transport.published)
                .containsExactly("lynx.business.dead-letters:e-1", "lynx.business.dead-letters:e-2");
        assertThat(transport.messages)
                .extracting(letter -> letter.attribute("lynxreason"))
                .allMatch(reason -> reason.contains("data: JSON: is no text") || reason.contains("specversion"));
    }

    @Test
    void aPayloadWhoseClassCannotBeReadIsPoison() throws Exception {
        CloudEventCodec broken = new CloudEventCodec(
                new JsonCodec() {
                    @Override
                    public byte[] write(Object value) {
                        return new byte[0];
                    }

                    @Override
                    public <T> T read(byte[] json, TypeOf<T> type) {
                        throw new NoClassDefFoundError("com/acme/Lamp");
                    }
                },
                "/orders",
                time);
        LocalDelivery withBroken = new LocalDelivery(events, broken, settings);
        events.subscribe(PLACED, _ -> {});

        assertThat(withBroken.deliver(message("e-1")))
                .isEqualTo(new LocalOutcome.Poison("data: java.lang.NoClassDefFoundError: com/acme/Lamp"));
    }

    @Test
    void aDeadLetterThatIsTooLargeIsSentWithoutItsPayload() throws Exception {
        transport.refused = letter -> letter.data().length > 0;

        reception.receive("lynx.business", new BridgeMessage(Map.of("id", "e-1"), "{".getBytes(UTF_8)));

        assertThat(reception.total(ReceptionOutcome.POISON)).isEqualTo(1);
        assertThat(reception.total(ReceptionOutcome.LOST)).isZero();
        assertThat(transport.published).containsExactly("lynx.business.dead-letters:e-1");
    }

    @Test
    void aMessageWhoseDeadLetterIsRefusedPermanentlyCountsAsLost() throws Exception {
        transport.refused = _ -> true;

        reception.receive("lynx.business", new BridgeMessage(Map.of("id", "e-1"), "{".getBytes(UTF_8)));

        assertThat(transport.published).isEmpty();
        assertThat(reception.total(ReceptionOutcome.LOST)).isEqualTo(1);
        assertThat(reception.total(ReceptionOutcome.POISON)).isZero();
    }

    @Test
    void aMessageWhoseDeadLetterCannotBeSentGoesBack() {
        transport.isDown = true;

        assertThatThrownBy(
                        () -> reception.receive("lynx.business", new BridgeMessage(Map.of("id", "e-2"), new byte[0])))
                .isInstanceOf(NotAcknowledgedException.class)
                .hasMessageContaining("dead letters");
        assertThat(reception.total(ReceptionOutcome.RETURNED)).isEqualTo(1);
    }

    @Test
    void aClosedDeliveryReturnsWhatItHas() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        events.subscribe(PLACED, _ -> gate.get());
        CompletableFuture<LocalOutcome> outcome = CompletableFuture.supplyAsync(() -> deliver(message("e-1")));

        delivery.close();

        assertThat(outcome.get()).isEqualTo(new LocalOutcome.Interrupted());
        gate.complete(null);
    }

    @Test
    void readsEventsOfOtherProducers() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        events.subscribe(PLACED, seen::add);

        reception.receive(
                "lynx.business",
                new BridgeMessage(
                        Map.of("specversion", "1.0", "id", "x", "source", "/shop", "type", "order.placed"),
                        "\"foreign\"".getBytes(UTF_8)));

        assertThat(seen).containsExactly("foreign");
    }
}
