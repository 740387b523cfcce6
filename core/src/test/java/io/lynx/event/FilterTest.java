package io.lynx.event;

import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.SubscriptionOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Topic<String> PAID = Topic.of("business", "order.paid", String.class);
    private static final Topic<String> OTHER = Topic.of("security", "login", String.class);

    private final Events events = Events.builder().build();
    private final List<Object> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        events.close();
    }

    private Subscription subscribe(UnaryOperator<SubscriptionOptions> as) {
        return events.subscribe(PLACED, seen::add, as);
    }

    @ParameterizedTest
    @CsvSource({
        "order.placed,  order.placed,     true",
        "order.placed,  order.paid,       false",
        "order.*,       order.placed,     true",
        "order.*,       order.line.added, false",
        "order.*,       order,            false",
        "order.**,      order.line.added, true",
        "order.**,      order,            false",
        "*.placed,      order.placed,     true",
        "*.*.added,     order.line.added, true",
        "**,            order,            true",
        "**,            order.line.added, true",
        "order_*,       order_placed,     refused",
        "order.**.x,    order.a.x,        refused",
        "or+der,        order,            refused",
    })
    void matchesTypesByPattern(String pattern, String type, String expected) {
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> TopicFilter.matching("business", pattern))
                    .hasMessageStartingWith("pattern of event types: '" + pattern + "'; segments with dots");
        } else {
            assertThat(TopicFilter.matching("business", pattern).matches(type)).isEqualTo(Boolean.valueOf(expected));
        }
    }

    @Test
    void matchesTopicsThatAppearLater() {
        events.publish(PLACED, "too early");
        Subscription subscription =
                events.subscribe(TopicFilter.matching("business", "order.*"), event -> seen.add(event.payload()));

        events.publish(PLACED, "placed");
        events.publish(PAID, "paid");
        events.publish(OTHER, "on another bus");

        assertThat(settled(subscription).published()).isEqualTo(2);
        assertThat(seen).containsExactly("placed", "paid");
    }

    @Test
    void filtersByPriority() {
        Subscription subscription = subscribe(o -> o.atLeast(Priority.HIGH));

        for (Priority priority : Priority.values()) {
            events.publish(PLACED, priority.name(), EventHeaders.NONE.withPriority(priority));
        }

        assertThat(settled(subscription).published()).isEqualTo(2);
        assertThat(seen).containsExactly("HIGH", "CRITICAL");
    }

    @Test
    void filtersBySource() {
        Subscription subscription = subscribe(o -> o.source("checkout"));

        events.publish(PLACED, "ours", EventHeaders.NONE.withSource("checkout"));
        events.publish(PLACED, "theirs", EventHeaders.NONE.withSource("import"));
        events.publish(PLACED, "nobody's");

        assertThat(settled(subscription).published()).isEqualTo(1);
        assertThat(seen).containsExactly("ours");
    }

    @Test
    void filtersByAllEntriesOfMetadata() {
        Subscription subscription = subscribe(o -> o.metadata("tenant", "a").metadata("region", "eu"));

        events.publish(
                PLACED, "both", EventHeaders.NONE.withMetadata(Map.of("tenant", "a", "region", "eu", "more", "x")));
        events.publish(PLACED, "one", EventHeaders.NONE.withMetadata("tenant", "a"));
        events.publish(PLACED, "other", EventHeaders.NONE.withMetadata(Map.of("tenant", "b", "region", "eu")));

        assertThat(settled(subscription).published()).isEqualTo(1);
        assertThat(seen).containsExactly("both");
    }

    @Test
    void filtersByAllPredicates() {
        Subscription subscription =
                subscribe(o -> o.where(event -> event.payload().toString().length() > 3)
                        .where(event -> event.payload().toString().startsWith("a")));

        List.of("abc", "abcd", "bcde").forEach(payload -> events.publish(PLACED, payload));

        assertThat(settled(subscription).published()).isEqualTo(1);
        assertThat(seen).containsExactly("abcd");
    }

    @Test
    void countsAPredicateThatThrows() {
        Subscription subscription = subscribe(o -> o.where(event -> {
            throw new IllegalStateException("filter");
        }));

        PublishResult result = events.publish(PLACED, "hello");

        assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.FILTER_FAILED, 1));
        assertThat(settled(subscription).published()).isEqualTo(1);
        assertThat(subscription.snapshot().dropped()).isEqualTo(Map.of(DropReason.FILTER_FAILED, 1L));
    }

    @Test
    void doesNotPassExceptionsOfAFilterToThePublisher() {
        Subscription subscription = subscribe(o -> o.where(event -> overflow(event)));
        Subscription other = events.subscribe(PLACED, seen::add);

        PublishResult result = events.publish(PLACED, "hello");

        assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.FILTER_FAILED, 1));
        assertThat(subscription.snapshot().dropped()).isEqualTo(Map.of(DropReason.FILTER_FAILED, 1L));
        assertThat(settled(other).processed()).isEqualTo(1);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static boolean overflow(Event<?> event) {
        return overflow(event) && event.isCritical();
    }
}
