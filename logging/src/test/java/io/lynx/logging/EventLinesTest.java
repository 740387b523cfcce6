package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Events;
import io.lynx.event.Overflow;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines that an operator reads when subscribers miss events: one a minute for each, not one for each event. */
class EventLinesTest {
    private static final Topic<Integer> PLACED = Topic.of("business", "order.placed", Integer.class);

    @RegisterExtension
    private final RecordedLines lines = new RecordedLines("io.lynx.event");

    private final AtomicLong nanos = new AtomicLong();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void release() {
        never.countDown();
    }

    private List<String> subscribers() {
        return lines.events().stream()
                .filter(line -> line.getMessage().startsWith("Subscriber misses events"))
                .map(line -> line.getLevel() + " "
                        + line.getKeyValuePairs().stream()
                                .filter(pair -> pair.key.equals("subscriber"))
                                .findFirst()
                                .orElseThrow()
                                .value)
                .toList();
    }

    @Test
    void aSubscriberThatMissesEventsIsNamedOnceAMinute() {
        try (Events events = Events.builder().ticker(nanos::get).build()) {
            Subscription slow = events.subscribe(PLACED, _ -> never.await(), options -> options.name("slow")
                    .queue(50)
                    .overflow(Overflow.DROP_NEWEST));
            Subscription stuck = events.subscribe(PLACED, _ -> never.await(), options -> options.name("stuck")
                    .queue(50)
                    .overflow(Overflow.DROP_NEWEST));
            Subscription _ = events.subscribe(
                    PLACED, _ -> {}, options -> options.name("quick").queue(2_000));

            for (int i = 0; i < 1_000; i++) {
                var _ = events.publish(PLACED, i);
            }
            assertThat(subscribers()).containsExactlyInAnyOrder("WARN slow", "WARN stuck");

            stuck.close();
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            for (int i = 0; i < 1_000; i++) {
                var _ = events.publish(PLACED, i);
            }
            assertThat(subscribers()).containsExactlyInAnyOrder("WARN slow", "WARN stuck", "WARN slow");
            slow.close();
        }
    }
}
