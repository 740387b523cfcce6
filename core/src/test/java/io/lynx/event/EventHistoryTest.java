package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventHistoryTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Topic<String> LOGIN = Topic.of("business", "login", String.class);

    private final ManualTime time = new ManualTime();
    private final Events events = Events.builder()
            .ticker(time)
            .wallClock(time)
            .bus("business", BusOptions.defaults().withHistory(5, Duration.ofMinutes(10)))
            .build();

    @AfterEach
    void close() {
        events.close();
    }

    private List<String> past(String types) {
        return events.history(TopicFilter.matching("business", types)).stream()
                .map(event -> (String) event.payload())
                .toList();
    }

    @Test
    void keepsTheMostRecentEventsWithoutAnySubscriber() {
        for (int i = 1; i <= 7; i++) {
            events.publish(PLACED, "order " + i);
        }

        assertThat(past("**")).containsExactly("order 3", "order 4", "order 5", "order 6", "order 7");
    }

    @Test
    void dropsEventsThatAreTooOld() {
        events.publish(PLACED, "old");
        time.advance(Duration.ofMinutes(6));
        events.publish(PLACED, "newer");
        time.advance(Duration.ofMinutes(6));

        assertThat(past("**")).containsExactly("newer");
    }

    @Test
    void findsByTypeSourceAndTime() {
        events.publish(PLACED, "order 1", EventHeaders.NONE.withSource("web"));
        time.advance(Duration.ofMinutes(1));
        events.publish(LOGIN, "login", EventHeaders.NONE.withSource("web"));
        time.advance(Duration.ofMinutes(1));
        events.publish(PLACED, "order 2", EventHeaders.NONE.withSource("import"));
        Instant start = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(past("order.*")).containsExactly("order 1", "order 2");
        assertThat(events.history(TopicFilter.bus("business")))
                .filteredOn(event -> event.headers().source().equals("web")
                        && event.timestamp().isAfter(start))
                .extracting(Event::payload)
                .isEqualTo(List.of("login"));
    }

    @Test
    void isOffUnlessConfigured() {
        Topic<String> metrics = Topic.of("metrics", "sampled", String.class);

        events.publish(metrics, "no");

        assertThat(events.history(TopicFilter.bus("metrics"))).isEmpty();
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> BusOptions.defaults().withHistory(-1, Duration.ofHours(1)))
                .hasMessage("history of a bus: -1; 0 to 1000000 is allowed");
        assertThatThrownBy(() -> BusOptions.defaults().withHistory(1, Duration.ZERO))
                .hasMessage("age of history: PT0S; a positive duration is allowed");
    }
}
