package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.Events;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.EventsSnapshot;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Topic;
import io.lynx.testkit.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventDocumentsTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);

    private final ManualTime time = new ManualTime();
    private final Semaphore buried = new Semaphore(0);
    private final Events events = Events.builder()
            .ticker(time)
            .wallClock(time)
            .scheduler(time)
            .random(() -> 0x5f0c2b1a)
            .observer(new EventObserver() {
                @Override
                public void deadLettered(DeadLetter letter) {
                    buried.release();
                }
            })
            .build();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void accountsForEveryEvent() {
        SubscriptionSnapshot mailer = new SubscriptionSnapshot(
                "mailer",
                "business",
                "order.*",
                1024,
                17,
                1,
                1000,
                970,
                2,
                5,
                Map.of(DropReason.TIMED_OUT, 7L, DropReason.NO_ROOM, 3L));
        TopicSnapshot placed = new TopicSnapshot(
                "business", "order.placed", 1000, 970, 2, Map.of(DropReason.TIMED_OUT, 7L, DropReason.NO_ROOM, 3L));
        EventsSnapshot snapshot = new EventsSnapshot(
                List.of(
                        new BusSnapshot("business", false, List.of(placed), List.of(mailer), 3),
                        new BusSnapshot("system", true, List.of(), List.of(), 0)),
                2,
                0,
                3);

        Golden.assertEquals("events.json", EventDocuments.buses(snapshot));
    }

    @Test
    void listsDeadLettersNewestFirstWithoutTheirPayloads() throws InterruptedException {
        events.subscribe(
                PLACED,
                _ -> {
                    throw new IllegalStateException("no route to mail.example");
                },
                options -> options.name("mailer"));
        events.publish(PLACED, "4111 1111 1111 1111");
        assertThat(buried.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofMillis(1_500));
        events.publish(
                PLACED,
                "4012 8888 8888 1881",
                new EventHeaders(Priority.HIGH, "shop", Map.of("tenant", "acme"), "4bf92f3577b34da6a3ce929d0e0e4736"));
        assertThat(buried.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        byte[] all = EventDocuments.deadLetters(events.deadLetters(), 100);
        byte[] one = EventDocuments.deadLetters(events.deadLetters(), 1);

        assertThat(new String(all, StandardCharsets.UTF_8)).doesNotContain("4111", "4012");
        assertThat(new String(one, StandardCharsets.UTF_8))
                .contains("\"count\": 2", "\"id\": 2,")
                .doesNotContain("\"id\": 1,");
        Golden.assertEquals("dead-letters.json", all);
    }

    @Test
    void showsALetterAsTheListDoes() throws InterruptedException {
        events.subscribe(PLACED, (String _) -> {
            throw new IllegalStateException("no route");
        });
        events.publish(PLACED, "4111");
        assertThat(buried.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        DeadLetter letter = events.deadLetters().list().getFirst();
        Event<?> event = letter.event();

        assertThat(new String(EventDocuments.deadLetter(letter), StandardCharsets.UTF_8))
                .contains("\"id\": 1", "\"subscription\": \"order.placed\"", "\"id\": \"" + event.id() + "\"");
    }
}
