package io.lynx.event;

import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What metrics are made of. */
class EventsSnapshotTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Topic<String> CHANGED = Topic.of("business", "order.changed", String.class);

    private final Events events = Events.builder().build();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void countsDeliveriesToPatternSubscribersForEachType() {
        Subscription orders = events.subscribe(TopicFilter.matching("business", "order.*"), event -> {
            if (event.payload().equals("bad")) {
                throw new IllegalStateException("bad order");
            }
        });
        Subscription placed = events.subscribe(
                PLACED,
                order -> {},
                o -> o.where(event -> {
                    throw new IllegalStateException("bad filter");
                }));

        events.publish(PLACED, "good");
        events.publish(PLACED, "bad");
        events.publish(CHANGED, "good");
        settled(orders);
        settled(placed);
        orders.close();

        assertThat(events.bus("business").snapshot().topics())
                .containsExactly(
                        new TopicSnapshot("business", "order.changed", 1, 1, 0, Map.of()),
                        new TopicSnapshot("business", "order.placed", 2, 1, 1, Map.of(DropReason.FILTER_FAILED, 2L)));
    }

    @Test
    void countsEventsAfterTheCloseAsPublishedAndDropped() {
        events.publish(PLACED, "in time");
        events.close();

        events.publish(PLACED, "late");

        assertThat(events.bus("business").snapshot().topics())
                .containsExactly(new TopicSnapshot("business", "order.placed", 2, 0, 0, Map.of(DropReason.CLOSED, 1L)));
    }

    @Test
    void boundsItsSizeForManyTypes() {
        Subscription all = events.subscribe(TopicFilter.bus("crowded"), event -> {}, o -> o.queue(1 << 17));

        for (int i = 0; i < 100_000; i++) {
            events.publish(Topic.of("crowded", "type-" + i, String.class), "x");
        }

        BusSnapshot crowded = events.bus("crowded").snapshot();
        int refused = 100_000 - Bus.MOST_TOPICS;
        assertThat(settled(all).published()).isEqualTo(Bus.MOST_TOPICS);
        assertThat(crowded.topics()).hasSize(Bus.MOST_TOPICS).allMatch(topic -> topic.published() == 1);
        assertThat(crowded.refused()).isEqualTo(refused);
        assertThat(events.bus("business").snapshot().refused()).isZero();
        assertThat(events.snapshot().refused()).isEqualTo(refused);
    }
}
