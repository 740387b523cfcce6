package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private List<String> past(HistoryQuery query) {
        return events.bus("business").history(query).stream()
                .map(event -> (String) event.payload())
                .toList();
    }

    @Test
    void remembersTheLatestAlsoWhenNobodyListens() {
        for (int i = 1; i <= 7; i++) {
            events.publish(PLACED, "order " + i);
        }

        assertThat(past(HistoryQuery.ALL)).containsExactly("order 3", "order 4", "order 5", "order 6", "order 7");
    }

    @Test
    void forgetsWhatIsTooOld() {
        events.publish(PLACED, "old");
        time.advance(Duration.ofMinutes(6));
        events.publish(PLACED, "newer");
        time.advance(Duration.ofMinutes(6));

        assertThat(past(HistoryQuery.ALL)).containsExactly("newer");
    }

    @Test
    void findsByTypeSourceAndTime() {
        events.publish(PLACED, "order 1", EventHeaders.NONE.withSource("web"));
        time.advance(Duration.ofMinutes(1));
        events.publish(LOGIN, "login", EventHeaders.NONE.withSource("web"));
        time.advance(Duration.ofMinutes(1));
        events.publish(PLACED, "order 2", EventHeaders.NONE.withSource("import"));
        Instant start = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(past(HistoryQuery.ALL.withTypes("order.*"))).containsExactly("order 1", "order 2");
        assertThat(past(HistoryQuery.ALL.withSource("web"))).containsExactly("order 1", "login");
        assertThat(past(HistoryQuery.ALL.withPeriod(start.plusSeconds(60), null)))
                .containsExactly("login", "order 2");
        assertThat(past(HistoryQuery.ALL.withPeriod(null, start.plusSeconds(60))))
                .containsExactly("order 1");
        assertThat(past(HistoryQuery.ALL.withLimit(2))).containsExactly("login", "order 2");
        assertThat(past(HistoryQuery.ALL.withTypes("order.*").withSource("web").withLimit(1)))
                .containsExactly("order 1");
    }

    @Test
    void isOffWhereItIsNotAskedFor() {
        Topic<String> metrics = Topic.of("metrics", "sampled", String.class);

        events.publish(metrics, "no");

        assertThat(events.bus("metrics").history(HistoryQuery.ALL)).isEmpty();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> HistoryQuery.ALL.withLimit(0))
                .hasMessage("limit of a history query: 0; 1 or more is allowed");
        assertThatThrownBy(() -> BusOptions.defaults().withHistory(-1, Duration.ofHours(1)))
                .hasMessage("history of a bus: -1; 0 to 1000000 is allowed");
        assertThatThrownBy(() -> BusOptions.defaults().withHistory(1, Duration.ZERO))
                .hasMessage("age of history: PT0S; a positive duration is allowed");
    }
}
