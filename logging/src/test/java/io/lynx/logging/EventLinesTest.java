package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lynx.event.Events;
import io.lynx.event.Overflow;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines that an operator reads when subscribers miss events: one a minute for each, not one for each event. */
class EventLinesTest {
    private static final Topic<Integer> PLACED = Topic.of("business", "order.placed", Integer.class);

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.lynx.event");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();
    private final CountDownLatch never = new CountDownLatch(1);

    @BeforeEach
    void attach() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(lines);
        logger.setLevel(null);
        never.countDown();
    }

    private List<String> subscribers() {
        return lines.list.stream()
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
