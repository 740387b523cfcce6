package io.lynx.event;

import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauseTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final Topic<String> LOGIN = Topic.of("security", "login", String.class);

    private final Events events = Events.builder().build();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void holdsEventsAndDeliversThemInOrderAfterwards() {
        Subscription subscription = events.subscribe(NEWS, seen::add);
        Subscription other = events.subscribe(LOGIN, seen::add);
        events.pause("business");

        events.publish(NEWS, "one");
        events.publish(NEWS, "two");
        events.publish(LOGIN, "not paused");
        settled(other);
        SubscriptionSnapshot held = subscription.snapshot();
        events.resume("business");
        SubscriptionSnapshot after = settled(subscription);

        assertThat(held.queued()).isEqualTo(2);
        assertThat(held.processed()).isZero();
        assertThat(after.processed()).isEqualTo(2);
        assertThat(seen).containsExactly("not paused", "one", "two");
    }

    @Test
    void holdsNoMoreEventsThanTheQueuesCan() {
        Subscription subscription =
                events.subscribe(NEWS, seen::add, o -> o.queue(2).overflow(Overflow.DROP_NEWEST));
        events.pause("business");

        List<PublishResult> results =
                List.of(events.publish(NEWS, "one"), events.publish(NEWS, "two"), events.publish(NEWS, "three"));
        events.resume("business");

        assertThat(results).extracting(PublishResult::isAccepted).containsExactly(true, true, false);
        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.NO_ROOM, 1L));
        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void letsTheHandlerFinishItsCurrentEvent() throws InterruptedException {
        Gate<String> gate = new Gate<>();
        Subscription subscription = events.subscribe(NEWS, gate);
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");
        events.pause("business");

        gate.open();
        Eventually.eventually(
                "in hand is processed", () -> subscription.snapshot().processed() == 1);

        assertThat(subscription.snapshot().queued()).isEqualTo(1);
        assertThat(events.bus("business").snapshot().paused()).isTrue();
        events.resume("business");
        assertThat(settled(subscription).processed()).isEqualTo(2);
    }

    @Test
    void pausesNewSubscriptionsToo() {
        events.pause("business");
        Subscription subscription = events.subscribe(NEWS, seen::add);

        events.publish(NEWS, "held");

        assertThat(subscription.snapshot().queued()).isEqualTo(1);
        events.resume("business");
        assertThat(settled(subscription).processed()).isEqualTo(1);
    }

    @Test
    void deliversNothingWhenClosedWhilePaused() {
        events.subscribe(NEWS, seen::add);
        events.pause("business");
        events.publish(NEWS, "held");

        EventsCloseReport report = events.close(Deadline.after(Duration.ofMinutes(1), Ticker.system()));

        assertThat(report.undelivered()).singleElement().satisfies(left -> {
            assertThat(left.subscription()).isEqualTo("news");
            assertThat(left.queued())
                    .extracting(event -> (Object) event.payload())
                    .containsExactly("held");
        });
        assertThat(seen).isEmpty();
    }
}
