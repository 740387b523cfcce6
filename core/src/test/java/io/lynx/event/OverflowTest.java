package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverflowTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final EventHeaders CRITICAL = EventHeaders.NONE.withPriority(Priority.CRITICAL);

    private final ManualTime time = new ManualTime();
    private final Events events = Events.builder().ticker(time).build();
    private final Gate<String> gate = new Gate<>();

    @AfterEach
    void close() {
        gate.open();
        events.close();
    }

    /** A subscriber with one event in hand and so many in a queue without a reserve. */
    private Subscription full(int places, Overflow overflow) throws InterruptedException {
        return full(places, 0, overflow);
    }

    private Subscription full(int places, int reserve, Overflow overflow) throws InterruptedException {
        Subscription subscription =
                events.subscribe(NEWS, gate, o -> o.queue(places, reserve).overflow(overflow));
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        for (int i = 1; i <= places - reserve; i++) {
            assertThat(events.publish(NEWS, "queued " + i).isAccepted()).isTrue();
        }
        return subscription;
    }

    @Test
    void dropsTheNewestWhenFull() throws InterruptedException {
        Subscription subscription = full(2, Overflow.DROP_NEWEST);

        PublishResult result = events.publish(NEWS, "too much");

        assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
        gate.open();
        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.NO_ROOM, 1L));
        assertThat(gate.seen()).containsExactly("in hand", "queued 1", "queued 2");
    }

    @Test
    void letsTheReceiptOfADisplacedEventUseTheSubscription() {
        Events paused = Events.builder().build();
        paused.pause("business");
        Subscription subscription =
                paused.subscribe(NEWS, news -> {}, o -> o.queue(1).overflow(Overflow.DROP_OLDEST));
        EventReceipt oldest = receipt("oldest");
        paused.receive(NEWS, "oldest", oldest);
        CompletableFuture<SubscriptionSnapshot> account = oldest.outcome()
                .thenApply(_ -> {
                    PublishResult _ = paused.publish(NEWS, "instead");
                    return subscription.snapshot();
                })
                .toCompletableFuture();

        Thread _ = Thread.ofPlatform().daemon().start(() -> paused.receive(NEWS, "newest", receipt("newest")));

        assertThat(account)
                .succeedsWithin(Duration.ofSeconds(5))
                .returns(1L, SubscriptionSnapshot::queued)
                .returns(3L, SubscriptionSnapshot::published)
                .returns(Map.of(DropReason.DISPLACED, 2L), SubscriptionSnapshot::dropped);
        paused.close();
    }

    private static EventReceipt receipt(String id) {
        return new EventReceipt(new ReceivedEvent(id, Instant.EPOCH, EventHeaders.NONE));
    }

    @Test
    void displacesTheOldestWhenFull() throws InterruptedException {
        Subscription subscription = full(2, Overflow.DROP_OLDEST);

        PublishResult result = events.publish(NEWS, "newest");

        assertThat(result.isAccepted()).isTrue();
        gate.open();
        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.DISPLACED, 1L));
        assertThat(gate.seen()).containsExactly("in hand", "queued 2", "newest");
    }

    @Test
    void doesNotDisplaceACriticalEventForALessImportantOne() throws InterruptedException {
        Subscription subscription =
                events.subscribe(NEWS, gate, o -> o.queue(2, 0).overflow(Overflow.DROP_OLDEST));
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "critical 1", CRITICAL);
        events.publish(NEWS, "critical 2", CRITICAL);

        PublishResult lesser = events.publish(NEWS, "lesser");
        PublishResult equal = events.publish(NEWS, "critical 3", CRITICAL);

        assertThat(lesser).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
        assertThat(equal.isAccepted()).isTrue();
        gate.open();
        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.NO_ROOM, 1L, DropReason.DISPLACED, 1L));
        assertThat(gate.seen()).containsExactly("in hand", "critical 2", "critical 3");
    }

    @Test
    void keepsAReserveForCriticalEvents() throws InterruptedException {
        Subscription subscription = full(4, 1, Overflow.DROP_NEWEST);

        PublishResult ordinary = events.publish(NEWS, "ordinary");
        PublishResult critical = events.publish(NEWS, "critical", CRITICAL);
        PublishResult secondCritical = events.publish(NEWS, "critical 2", CRITICAL);

        assertThat(ordinary.isAccepted()).isFalse();
        assertThat(critical.isAccepted()).isTrue();
        assertThat(secondCritical.isAccepted()).isFalse();
        gate.open();
        assertThat(settled(subscription).processed()).isEqualTo(5);
        assertThat(gate.seen()).containsExactly("in hand", "queued 1", "queued 2", "queued 3", "critical");
    }

    @Test
    void waitsForSpaceAndUsesIt() throws Exception {
        Subscription subscription = full(1, Overflow.BLOCK.upTo(Duration.ofMinutes(1)));
        CompletableFuture<PublishResult> publisher =
                CompletableFuture.supplyAsync(() -> events.publish(NEWS, "patient"));

        gate.open();

        assertThat(publisher.get().isAccepted()).isTrue();
        assertThat(settled(subscription).dropped()).isEmpty();
        assertThat(gate.seen()).containsExactly("in hand", "queued 1", "patient");
    }

    @Test
    void dropsAtTheDeadlineOfTheWait() throws Exception {
        Subscription subscription = full(1, Overflow.BLOCK.upTo(Duration.ofMillis(5)));
        CompletableFuture<PublishResult> publisher =
                CompletableFuture.supplyAsync(() -> events.publish(NEWS, "impatient"));

        eventually("the publisher has given up", () -> {
            time.advance(Duration.ofMillis(5));
            return publisher.isDone();
        });

        assertThat(publisher.get()).isEqualTo(new PublishResult.Dropped(DropReason.TIMED_OUT, 1));
        assertThat(subscription.snapshot().dropped()).isEqualTo(Map.of(DropReason.TIMED_OUT, 1L));
    }

    @Test
    void dropsAtOnceIfThePublisherMayNotWait() throws InterruptedException {
        full(1, Overflow.BLOCK.upTo(Duration.ofHours(1)));

        PublishResult offered = events.offer(NEWS, "hasty", EventHeaders.NONE);

        assertThat(offered).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
    }

    @Test
    void dropsForAnInterruptedPublisherAndKeepsItsFlag() throws Exception {
        full(1, Overflow.BLOCK.upTo(Duration.ofHours(1)));
        CompletableFuture<PublishResult> result = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();

        Thread publisher = Thread.ofPlatform().start(() -> {
            result.complete(events.publish(NEWS, "interrupted"));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        publisher.interrupt();

        assertThat(result.get()).isEqualTo(new PublishResult.Dropped(DropReason.INTERRUPTED, 1));
        assertThat(flag.get()).isTrue();
    }

    @Test
    void wakesWaitingPublishersWhenItCloses() throws Exception {
        Subscription subscription = full(1, Overflow.BLOCK.upTo(Duration.ofHours(1)));
        CompletableFuture<PublishResult> publisher = CompletableFuture.supplyAsync(() -> events.publish(NEWS, "late"));
        eventually("the publisher waits", () -> ((QueuedSubscription) subscription).queue.waiting() == 1);

        subscription.close();

        assertThat(publisher.get()).isEqualTo(new PublishResult.Dropped(DropReason.CLOSED, 1));
    }

    @Test
    void doesNotLetASubscriberWaitForItself() throws Exception {
        CompletableFuture<PublishResult> second = new CompletableFuture<>();
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    if (news.equals("first")) {
                        events.publish(NEWS, "to myself");
                        second.complete(events.publish(NEWS, "one too many"));
                    }
                },
                o -> o.queue(1).overflow(Overflow.BLOCK.upTo(Duration.ofHours(1))));

        events.publish(NEWS, "first");

        assertThat(second.get()).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
        assertThat(settled(subscription).processed()).isEqualTo(2);
    }

    @Test
    void aSlowSubscriberDelaysNoOther() throws Exception {
        full(1, Overflow.DROP_NEWEST);
        Gate<String> quick = new Gate<>();
        quick.open();
        Subscription other = events.subscribe(NEWS, quick);

        PublishResult result = events.publish(NEWS, "for both");

        assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
        assertThat(settled(other).processed()).isEqualTo(1);
        assertThat(quick.seen()).containsExactly("for both");
    }

    @Test
    void refusesANegativeWait() {
        assertThatThrownBy(() -> Overflow.BLOCK.upTo(Duration.ofMillis(-1)))
                .hasMessage(
                        "wait of a publisher: PT-0.001S; zero or a positive duration of at most 365 days is allowed");
    }
}
