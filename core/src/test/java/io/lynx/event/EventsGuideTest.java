package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static io.lynx.event.Overflow.BLOCK;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.LynxTopics;
import io.lynx.config.ConfigEvent;
import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.DeadLetters.ReplayResult;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/guide/events.md}: it is compiled and run here. */
class EventsGuideTest {
    private final List<Object> log = new CopyOnWriteArrayList<>();

    // snippet: events-topic
    record OrderPlaced(String id, int cents) {}

    static final Topic<OrderPlaced> PLACED = Topic.of("business", "order.placed", OrderPlaced.class);
    // end

    private void ship(OrderPlaced order) throws IOException {
        if (order.cents() < 0) {
            throw new IOException("no refunds");
        }
        log.add(order.id());
    }

    @Test
    void publishesAndSubscribes() {
        try (Events events = Events.builder().build()) {
            // snippet: events-subscribe
            Subscription shipping = events.subscribe(PLACED, order -> ship(order), o -> o.queue(1024)
                    .overflow(BLOCK.upTo(ofMillis(5)))
                    .retry(3)
                    .ordered());

            PublishResult result = events.publish(PLACED, new OrderPlaced("A-17", 4200));
            switch (result) {
                case PublishResult.Accepted _ -> log.add("on its way");
                case PublishResult.Dropped(DropReason reason, int subscribers) ->
                    log.add(subscribers + " did not get it: " + reason.label());
            }
            // end

            assertThat(settled(shipping).processed()).isEqualTo(1);
            assertThat(log).containsExactlyInAnyOrder("on its way", "A-17");
        }
    }

    @Test
    void selectsAndFilters() {
        try (Events events = Events.builder().build()) {
            // snippet: events-select
            events.subscribe(TopicFilter.matching("business", "order.*"), event -> log.add(event.type()));
            events.subscribe(
                    TopicFilter.bus("business"),
                    event -> log.add(event.headers().source()),
                    o -> o.name("audit").atLeast(Priority.HIGH).metadata("tenant", "acme"));

            EventHeaders urgent = EventHeaders.NONE
                    .withPriority(Priority.HIGH)
                    .withSource("checkout")
                    .withMetadata("tenant", "acme");
            events.publish(PLACED, new OrderPlaced("A-18", 100), urgent);
            // end

            eventually("both", () -> log.size() == 2);
            assertThat(log).containsExactlyInAnyOrder("order.placed", "checkout");
        }
    }

    @Test
    void replaysDeadLetters() {
        try (Events events = Events.builder().build()) {
            Subscription shipping = events.subscribe(PLACED, this::ship, o -> o.name("shipping"));
            events.publish(PLACED, new OrderPlaced("A-19", -1));
            settled(shipping);
            // snippet: events-dead-letters
            for (DeadLetter letter : events.deadLetters().list()) {
                log.add(letter.subscription() + " failed: " + letter.message());
                ReplayResult result = events.deadLetters().replay(letter.id());
                log.add(result instanceof ReplayResult.Replayed ? "replayed" : "kept");
            }
            // end

            assertThat(log).containsExactly("shipping failed: java.io.IOException: no refunds", "replayed");
        }
    }

    @Test
    void readsTheHistory() {
        // snippet: events-history
        Events events =
                Events.builder().history("business", 1000, Duration.ofHours(24)).build();
        events.publish(PLACED, new OrderPlaced("A-20", 5), EventHeaders.NONE.withSource("checkout"));

        List<Event<?>> orders = events.history(TopicFilter.matching("business", "order.*")).stream()
                .filter(event -> event.headers().source().equals("checkout"))
                .toList();
        // end

        assertThat(orders).hasSize(1);
        events.close();
    }

    @Test
    void pausesAndCloses() {
        Events events = Events.builder().build();
        events.subscribe(PLACED, this::ship);
        // snippet: events-pause-and-close
        events.pause("business");
        events.publish(PLACED, new OrderPlaced("A-21", 5)); // waits in the queue
        events.resume("business");

        EventsCloseReport report = events.close(Deadline.after(Duration.ofSeconds(5), Ticker.system()));
        for (Undelivered left : report.undelivered()) {
            log.add(left.subscription() + " left " + left.count() + " events");
        }
        // end

        assertThat(log).containsExactly("A-21");
    }

    @Test
    void followsTheFramework() {
        try (Events events = Events.builder().build()) {
            // snippet: events-framework
            events.subscribe(LynxTopics.CONFIG, event -> {
                switch (event) {
                    case ConfigEvent.Reloaded reloaded -> log.add("applied " + reloaded.applied());
                    case ConfigEvent.Refused refused -> log.add("refused " + refused.problems());
                    case ConfigEvent.Loaded _, ConfigEvent.Postponed _ -> {}
                }
            });
            // end
            events.publish(
                    LynxTopics.CONFIG, new ConfigEvent.Reloaded(List.of("lynx.log.level"), List.of(), List.of()));

            eventually("handled", () -> !log.isEmpty());
            assertThat(log).containsExactly("applied [lynx.log.level]");
        }
    }
}
