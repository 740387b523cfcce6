package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventsTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);

    private final ManualTime time = new ManualTime();
    private final Events events =
            Events.builder().ticker(time).wallClock(time).scheduler(time).build();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void deliversInTheOrderOfPublishing() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NUMBERS, seen::add);

        IntStream.range(0, 500).forEach(i -> events.publish(NUMBERS, i));

        assertThat(settled(subscription).processed()).isEqualTo(500);
        assertThat(seen).isEqualTo(IntStream.range(0, 500).boxed().toList());
    }

    @Test
    void keepsTheOrderOfEachOfSeveralPublishers() throws InterruptedException {
        List<Integer> seen = new ArrayList<>();
        Subscription subscription =
                events.subscribe(NUMBERS, seen::add, o -> o.overflow(Overflow.BLOCK.upTo(Duration.ofHours(1))));
        List<Thread> publishers = IntStream.range(0, 4)
                .mapToObj(p -> Thread.ofVirtual()
                        .start(() -> IntStream.range(0, 5000).forEach(i -> events.publish(NUMBERS, p * 10_000 + i))))
                .toList();

        for (Thread publisher : publishers) {
            publisher.join();
        }

        assertThat(settled(subscription).processed()).isEqualTo(20_000);
        for (int p = 0; p < 4; p++) {
            int from = p * 10_000;
            assertThat(seen.stream().filter(n -> n / 10_000 == from / 10_000))
                    .hasSize(5000)
                    .isSorted();
        }
    }

    @Test
    void handlesSeveralEventsAtATimeIfConfigured() throws InterruptedException {
        Gate<Integer> gate = new Gate<>();
        Subscription subscription = events.subscribe(NUMBERS, gate, o -> o.concurrency(3));

        IntStream.range(0, 5).forEach(i -> events.publish(NUMBERS, i));
        gate.awaitEntered(3);

        assertThat(subscription.snapshot().inHand()).isEqualTo(3);
        assertThat(subscription.snapshot().queued()).isEqualTo(2);
        gate.open();
        assertThat(settled(subscription).processed()).isEqualTo(5);
    }

    @Test
    void passesAllPropertiesOfAnEvent() {
        List<Event<?>> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(TopicFilter.topic(NEWS), seen::add);
        time.advance(Duration.ofMillis(1500));
        EventHeaders headers = EventHeaders.NONE
                .withPriority(Priority.HIGH)
                .withSource("editor")
                .withMetadata("lang", "en")
                .withTraceId("4bf92f35");

        events.publish(NEWS, "hello", headers);
        settled(subscription);

        Event<?> event = seen.getFirst();
        assertThat(event.payload()).isEqualTo("hello");
        assertThat(event.bus()).isEqualTo("business");
        assertThat(event.type()).isEqualTo("news");
        assertThat(event.headers().priority()).isEqualTo(Priority.HIGH);
        assertThat(event.headers().source()).isEqualTo("editor");
        assertThat(event.headers().metadata()).isEqualTo(Map.of("lang", "en"));
        assertThat(event.headers().traceId()).isEqualTo("4bf92f35");
        assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-01-01T00:00:01.5Z"));
        assertThat(event).hasToString("business/news#" + event.id());
    }

    @Test
    void namesEachEventDifferently() {
        Set<String> ids = new HashSet<>();
        Subscription all = events.subscribe(TopicFilter.bus("business"), event -> ids.add(event.id()));

        for (int i = 0; i < 100; i++) {
            events.publish(NEWS, "news");
            events.publish(NUMBERS, i);
        }

        assertThat(settled(all).processed()).isEqualTo(200);
        assertThat(ids).hasSize(200);
    }

    @Test
    void keepsATimestampThatWasReadWhenTheWallClockIsSet() {
        List<Event<?>> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(TopicFilter.topic(NEWS), seen::add);
        events.publish(NEWS, "before");
        settled(subscription);
        Instant before = seen.getFirst().timestamp();
        time.jumpWallClock(Duration.ofHours(1));
        time.advance(Duration.ofSeconds(1));

        events.publish(NEWS, "after");
        settled(subscription);

        assertThat(before).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(seen).extracting(Event::timestamp).containsExactly(before, Instant.parse("2026-01-01T01:00:01Z"));
    }

    @Test
    void countsEventsWithoutSubscribers() throws InterruptedException {
        events.publish(NEWS, "unheard");
        Thread.ofVirtual().start(() -> events.publish(NEWS, "unheard")).join();
        Thread.ofPlatform().start(() -> events.publish(NEWS, "unheard")).join();
        events.publish(NEWS, "unheard");

        BusSnapshot bus = events.bus("business").snapshot();

        assertThat(bus.topics()).containsExactly(new TopicSnapshot("business", "news", 4, 0, 0, Map.of()));
    }

    @Test
    void countsByTopicAndBySubscription() {
        Subscription one = events.subscribe(NEWS, news -> {});
        Subscription all = events.subscribe(TopicFilter.bus("business"), event -> {}, o -> o.queue(8));

        events.publish(NEWS, "heard by two");
        events.publish(NUMBERS, 1);
        settled(one);
        settled(all);

        BusSnapshot bus = events.snapshot().buses().getFirst();
        assertThat(bus.topics())
                .containsExactly(
                        new TopicSnapshot("business", "news", 1, 2, 0, Map.of()),
                        new TopicSnapshot("business", "numbers", 1, 1, 0, Map.of()));
        assertThat(bus.subscriptions())
                .extracting(SubscriptionSnapshot::name, SubscriptionSnapshot::published)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("news", 1L), org.assertj.core.groups.Tuple.tuple("**", 2L));
        assertThat(bus.depth()).isZero();
        assertThat(bus.capacity()).isEqualTo(1024 + 8);
    }

    @Test
    void refusesANullPayload() {
        assertThatThrownBy(() -> events.publish(NEWS, nothing()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("payload of business/news: null; a java.lang.String is required");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void refusesAPayloadOfAnotherClass() {
        assertThatThrownBy(() -> events.publish((Topic) NEWS, 42))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("payload of business/news: a java.lang.Integer; a java.lang.String is required");
    }

    @Test
    void refusesAKnownTopicWithAnotherPayloadType() {
        events.subscribe(NEWS, news -> {});
        Topic<Integer> other = Topic.of("business", "news", Integer.class);

        assertThatThrownBy(() -> events.publish(other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topic business/news: payload java.lang.Integer; the bus knows it with java.lang.String");
        assertThatThrownBy(() -> events.subscribe(other, number -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reservesTheTopicOfDeadLetters() {
        Topic<String> taken = Topic.of("system", "event.dead_lettered", String.class);

        assertThatThrownBy(() -> events.subscribe(taken, text -> {}))
                .hasMessage("topic system/event.dead_lettered: payload java.lang.String; the bus knows it with "
                        + "io.lynx.event.DeadLetters$DeadLetter");
    }

    @Test
    void treatsEqualTopicsAsOne() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NEWS, seen::add);

        events.publish(Topic.of("business", "news", String.class), "hello");

        assertThat(settled(subscription).processed()).isEqualTo(1);
        assertThat(seen).containsExactly("hello");
    }

    @Test
    void copiesTheMetadataOfThePublisher() {
        List<Event<?>> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(TopicFilter.topic(NEWS), seen::add);
        Map<String, String> mine = new HashMap<>(Map.of("lang", "en"));
        EventHeaders headers = EventHeaders.NONE.withMetadata(mine);
        mine.put("lang", "fr");

        events.publish(NEWS, "hello", headers);
        mine.clear();
        settled(subscription);

        assertThat(seen.getFirst().headers().metadata()).isEqualTo(Map.of("lang", "en"));
        assertThatThrownBy(() -> seen.getFirst().headers().metadata().put("lang", "de"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void queuesWhatAHandlerPublishesToItsOwnTopic() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NUMBERS, n -> {
            if (n > 0) {
                events.publish(NUMBERS, n - 1);
            }
            seen.add(n);
        });

        events.publish(NUMBERS, 3);
        eventually("the last one", () -> seen.contains(0));

        assertThat(settled(subscription).processed()).isEqualTo(4);
        assertThat(seen).containsExactly(3, 2, 1, 0);
    }

    @Test
    void letsAHandlerSubscribe() {
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Subscription> second = new CompletableFuture<>();
        events.subscribe(NUMBERS, n -> second.complete(events.subscribe(NEWS, seen::add)));

        events.publish(NUMBERS, 1);
        Subscription inner = second.join();
        events.publish(NEWS, "hello");

        assertThat(settled(inner).processed()).isEqualTo(1);
        assertThat(seen).containsExactly("hello");
    }

    @Test
    void givesEachSubscriptionAUniqueName() {
        Subscription first = events.subscribe(NEWS, news -> {});
        Subscription second = events.subscribe(NEWS, news -> {});
        Subscription third = events.subscribe(NEWS, news -> {}, o -> o.name("mail"));

        assertThat(List.of(first.name(), second.name(), third.name())).containsExactly("news", "news-2", "mail");
        assertThat(second.name()).isEqualTo("news-2");
    }

    @Test
    void namesTheThreadsOfItsHandlers() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        events.subscribe(NEWS, news -> thread.complete(Thread.currentThread()));

        events.publish(NEWS, "hello");

        assertThat(thread.join().getName()).isEqualTo("lynx-business-news");
        assertThat(thread.join().isVirtual()).isTrue();
    }

    @Test
    void survivesAnObserverThatThrows() {
        Events watched = Events.builder()
                .observer(new EventObserver() {
                    @Override
                    public void processed(Event<?> event, String subscription, long latencyNanos) {
                        throw new IllegalStateException("observer");
                    }
                })
                .build();
        try (watched) {
            Subscription subscription = watched.subscribe(NEWS, news -> {});

            watched.publish(NEWS, "one");
            watched.publish(NEWS, "two");

            assertThat(settled(subscription).processed()).isEqualTo(2);
        }
    }

    @Test
    void reportsTheLatencyToItsObserver() {
        CompletableFuture<Long> latency = new CompletableFuture<>();
        Events watched = Events.builder()
                .ticker(time)
                .observer(new EventObserver() {
                    @Override
                    public void processed(Event<?> event, String subscription, long latencyNanos) {
                        latency.complete(latencyNanos);
                    }
                })
                .build();
        try (watched) {
            watched.subscribe(NEWS, news -> time.advance(Duration.ofMillis(7)));

            watched.publish(NEWS, "hello");

            assertThat(latency.join()).isEqualTo(7_000_000);
        }
    }

    @Test
    void boundsItsTopicsAndBuses() {
        for (int i = 0; i < Bus.MOST_TOPICS; i++) {
            events.publish(Topic.of("crowded", "type-" + i, String.class), "x");
        }
        Topic<String> tooMany = Topic.of("crowded", "one-more", String.class);

        PublishResult result = events.publish(tooMany, "x");
        for (int i = 0; i < OpenBuses.MOST_BUSES - 2; i++) {
            events.bus("bus-" + i);
        }

        assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.TOO_MANY_TOPICS, 0));
        assertThat(events.snapshot().refused()).isEqualTo(1);
        assertThatThrownBy(() -> events.subscribe(tooMany, x -> {}))
                .hasMessage("subscribe to crowded/one-more: the bus has 4096 topics; no more are allowed");
        assertThatThrownBy(() -> events.bus("one-more"))
                .hasMessage("event bus 'one-more': there are 256 already; no more are allowed");
        assertThat(events.publish(Topic.of("another", "type", String.class), "x")
                        .isAccepted())
                .isFalse();
    }

    @Test
    void refusesBadNamesAndSizes() {
        assertThatThrownBy(() -> Topic.of("busi ness", "news", String.class))
                .hasMessage("event bus: 'busi ness'; at most 64 letters, digits, '_' and '-' are allowed");
        assertThatThrownBy(() -> Topic.of("business", "order..placed", String.class))
                .hasMessageStartingWith("event type: 'order..placed'; segments of letters");
        assertThatThrownBy(() -> Topic.of("business", "count", int.class))
                .hasMessage("payload of business/count: int; a class or an interface is allowed");
        assertThatThrownBy(() -> events.subscribe(NEWS, news -> {}, o -> o.queue(0)))
                .hasMessage("queue of subscription '': 0; 1 to 16777216 is allowed");
        assertThatThrownBy(() -> events.subscribe(NEWS, news -> {}, o -> o.queue(4, 4)))
                .hasMessage("reserve of subscription '': 4; 0 to 3 is allowed for a queue of 4");
        assertThatThrownBy(() -> events.subscribe(NEWS, news -> {}, o -> o.concurrency(0)))
                .hasMessage("concurrency of subscription '': 0; 1 to 1024 is allowed");
    }

    @Test
    @Timeout(20)
    void namesThousandsOfUnnamedSubscriptionsInLinearTime() {
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            subscriptions.add(events.subscribe(NEWS, news -> {}));
        }

        assertThat(subscriptions).extracting(Subscription::name).doesNotHaveDuplicates();
        assertThat(subscriptions.get(1).name()).isEqualTo("news-2");
        assertThat(subscriptions.getLast().name()).isEqualTo("news-2000");
        subscriptions.forEach(Subscription::close);
        assertThat(events.bus("business").snapshot().subscriptions()).isEmpty();
    }
}
