package io.lynx.event;

import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoundedMemoryTest {
    private static final int EVENTS = 3_000_000;
    private static final long MEBIBYTE = 1 << 20;
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);

    @Test
    void carriesMillionsOfEventsAndKeepsNone() {
        Events events = Events.builder()
                .bus("business", BusOptions.defaults().withHistory(1000, Duration.ofHours(1)))
                .build();
        try (events) {
            IllegalStateException broken = new IllegalStateException("broken");
            Subscription patient =
                    events.subscribe(NUMBERS, number -> {}, o -> o.overflow(Overflow.BLOCK.upTo(Duration.ofHours(1))));
            Subscription failing = events.subscribe(
                    NUMBERS,
                    number -> {
                        throw broken;
                    },
                    o -> o.overflow(Overflow.DROP_OLDEST));
            Integer number = 42;
            events.publish(NUMBERS, number);
            long before = usedAfterCollection();

            for (int i = 1; i < EVENTS; i++) {
                events.publish(NUMBERS, number);
            }
            SubscriptionSnapshot account = settled(patient);
            SubscriptionSnapshot failed = settled(failing);
            long after = usedAfterCollection();

            assertThat(account.processed()).isEqualTo(EVENTS);
            assertThat(failed.deadLettered() + failed.totalDropped()).isEqualTo(EVENTS);
            assertThat(failed.deadLettered()).isPositive();
            assertThat(events.deadLetters().size()).isEqualTo(1000);
            assertThat(after - before).isLessThan(16 * MEBIBYTE);
        }
    }

    private static long usedAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
