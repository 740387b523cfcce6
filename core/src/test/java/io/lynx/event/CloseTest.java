package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloseTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);

    private final Events events = Events.builder().build();
    private final Gate<String> gate = new Gate<>();

    @AfterEach
    void close() {
        gate.open();
        events.close();
    }

    private static Deadline in(Duration time) {
        return Deadline.after(time, Ticker.system());
    }

    private static Deadline passed() {
        return in(Duration.ZERO);
    }

    private static int events(EventsCloseReport report) {
        return report.undelivered().stream().mapToInt(Undelivered::count).sum();
    }

    @Test
    void deliversQueuedEvents() {
        Events patient = Events.builder()
                .bus("business", BusOptions.defaults().withDrainTimeout(Duration.ofMinutes(1)))
                .build();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = patient.subscribe(NUMBERS, seen::add, o -> o.queue(2048));
        IntStream.range(0, 1000)
                .forEach(i ->
                        assertThat(patient.publish(NUMBERS, i).isAccepted()).isTrue());

        EventsCloseReport report = patient.close(in(Duration.ofMinutes(1)));

        assertThat(report.undelivered()).isEmpty();
        assertThat(report.took()).isLessThan(Duration.ofMinutes(1));
        assertThat(seen).hasSize(1000);
        assertThat(subscription.snapshot().processed()).isEqualTo(1000);
    }

    @Test
    void reportsUndeliveredEvents() throws InterruptedException {
        Subscription subscription = events.subscribe(NEWS, gate, o -> o.name("stuck"));
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued 1");
        events.publish(NEWS, "queued 2");

        EventsCloseReport report = events.close(passed());

        assertThat(report.undelivered()).isNotEmpty();
        assertThat(events(report)).isEqualTo(3);
        assertThat(report.undelivered()).singleElement().satisfies(left -> {
            assertThat(left.subscription()).isEqualTo("stuck");
            assertThat(left.queued())
                    .extracting(event -> (Object) event.payload())
                    .containsExactly("queued 1", "queued 2");
            assertThat(left.inHand()).singleElement().satisfies(unfinished -> {
                assertThat((Object) unfinished.event().payload()).isEqualTo("in hand");
                assertThat(unfinished.stack())
                        .anyMatch(frame -> frame.getClassName().equals(Gate.class.getName()));
            });
        });
        SubscriptionSnapshot account = settled(subscription);
        assertThat(account.dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 3L));
        assertThat(account.published()).isEqualTo(3);
    }

    @Test
    void countsAHandlerThatReturnsAfterTheCloseAndGivesItNoFurtherEvents() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NEWS, news -> {
            seen.add(news);
            entered.countDown();
            awaitDeafly(mayReturn);
        });
        events.publish(NEWS, "in hand");
        entered.await();
        events.publish(NEWS, "queued");

        EventsCloseReport report = events.close(passed());
        SubscriptionSnapshot before = subscription.snapshot();
        mayReturn.countDown();
        SubscriptionSnapshot after = settled(subscription);

        assertThat(events(report)).isEqualTo(2);
        assertThat(before.inHand()).isEqualTo(1);
        assertThat(before.dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 1L));
        assertThat(after.processed()).isEqualTo(1);
        assertThat(seen).containsExactly("in hand");
    }

    /** Waits as a handler does that ignores interrupts. */
    private static void awaitDeafly(CountDownLatch latch) {
        CompletableFuture.runAsync(
                        () -> {
                            try {
                                latch.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        Thread::startVirtualThread)
                .join();
    }

    @Test
    void acceptsNoEventsAfterTheClose() {
        events.subscribe(NEWS, news -> {});
        events.publish(NEWS, "in time");
        events.close();

        PublishResult known = events.publish(NEWS, "late");
        PublishResult fresh = events.publish(Topic.of("fresh", "type", String.class), "late");

        assertThat(known).isEqualTo(new PublishResult.Dropped(DropReason.CLOSED, 0));
        assertThat(fresh).isEqualTo(new PublishResult.Dropped(DropReason.CLOSED, 0));
        assertThatThrownBy(() -> events.subscribe(NEWS, news -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("subscribe to business/news: the bus is closed");
        assertThat(events.bus("business").snapshot().topics().getFirst().dropped())
                .isEqualTo(Map.of(DropReason.CLOSED, 1L));
    }

    @Test
    void aSecondCloseReportsNothing() throws InterruptedException {
        events.subscribe(NEWS, gate);
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");

        EventsCloseReport first = events.close(passed());
        EventsCloseReport second = events.close(passed());

        assertThat(events(first)).isEqualTo(2);
        assertThat(second.undelivered()).isEmpty();
    }

    @Test
    void closesOneSubscriptionAndLeavesTheOthers() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription leaving = events.subscribe(NEWS, news -> {});
        Subscription staying = events.subscribe(NEWS, seen::add);
        events.publish(NEWS, "both");
        settled(leaving);

        leaving.close();
        PublishResult result = events.publish(NEWS, "one");

        assertThat(result.isAccepted()).isTrue();
        assertThat(settled(staying).processed()).isEqualTo(2);
        assertThat(leaving.snapshot().published()).isEqualTo(1);
        assertThat(events.bus("business").snapshot().subscriptions()).hasSize(1);
    }

    @Test
    void drainsOneSubscriptionInOrder() throws InterruptedException {
        Subscription subscription = events.subscribe(NEWS, gate);
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");
        gate.open();

        Undelivered left = subscription.close(in(Duration.ofMinutes(1)));

        assertThat(left.isEmpty()).isTrue();
        assertThat(gate.seen()).containsExactly("in hand", "queued");
    }

    @Test
    void receivesNoTopicThatOpensWhileItsHandlerFinishes() throws Exception {
        Topic<String> known = Topic.of("business", "order.known", String.class);
        Topic<String> fresh = Topic.of("business", "order.fresh", String.class);
        Subscription subscription = events.subscribe(
                TopicFilter.matching("business", "order.*"), event -> gate.handle((String) event.payload()));
        events.publish(known, "in hand");
        gate.awaitEntered(1);
        CompletableFuture<Undelivered> left = CompletableFuture.supplyAsync(
                () -> subscription.close(in(Duration.ofMinutes(1))), Thread::startVirtualThread);
        eventually("it has left the topic that it received", () -> {
            long before = subscription.snapshot().published();
            PublishResult _ = events.publish(known, "probe");
            return subscription.snapshot().published() == before;
        });

        PublishResult first = events.publish(fresh, "while it closes");
        gate.open();
        boolean isEmpty = left.get().isEmpty();
        PublishResult second = events.publish(fresh, "after it has closed");

        assertThat(isEmpty).isTrue();
        assertThat(List.of(first, second)).allMatch(PublishResult::isAccepted);
        assertThat(subscription.snapshot().dropped()).isEmpty();
    }

    @Test
    void letsAHandlerCloseItsOwnSubscription() throws InterruptedException {
        CompletableFuture<Subscription> self = new CompletableFuture<>();
        CountDownLatch both = new CountDownLatch(1);
        Subscription subscription = events.subscribe(NEWS, news -> {
            both.await();
            self.join().close();
        });
        self.complete(subscription);
        events.publish(NEWS, "last");
        events.publish(NEWS, "never handled");
        both.countDown();

        SubscriptionSnapshot account = settled(subscription);

        assertThat(account.processed()).isEqualTo(1);
        assertThat(account.dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 1L));
    }

    @Test
    void drainsASubscriptionThatItsOwnHandlerCloses() {
        CompletableFuture<Subscription> self = new CompletableFuture<>();
        CompletableFuture<Undelivered> left = new CompletableFuture<>();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NUMBERS, number -> {
            seen.add(number);
            if (number == 0) {
                left.complete(self.join().close(in(Duration.ofMinutes(1))));
            }
        });
        IntStream.range(0, 100).forEach(i -> events.publish(NUMBERS, i));
        self.complete(subscription);

        SubscriptionSnapshot account = settled(subscription);

        assertThat(left.join().isEmpty()).isTrue();
        assertThat(seen).isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(account.processed()).isEqualTo(100);
        assertThat(events.publish(NUMBERS, 100).isAccepted()).isTrue();
        assertThat(subscription.snapshot().published()).isEqualTo(100);
        eventually(
                "forgotten",
                () -> events.bus("business").snapshot().subscriptions().isEmpty());
    }

    @Test
    void dropsRemainingEventsAtTheDeadlineIfAHandlerClosesItsSubscription() throws InterruptedException {
        ManualTime time = new ManualTime();
        Events manual = Events.builder().ticker(time).scheduler(time).build();
        CompletableFuture<Subscription> self = new CompletableFuture<>();
        Subscription subscription = manual.subscribe(NEWS, news -> {
            self.join().close(Deadline.after(Duration.ofSeconds(1), time));
            gate.handle(news);
        });
        manual.publish(NEWS, "in hand");
        manual.publish(NEWS, "queued");
        self.complete(subscription);
        gate.awaitEntered(1);

        time.advance(Duration.ofSeconds(1));

        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 2L));
        manual.close();
    }

    @Test
    void doesNotLetAHandlerWaitForItself() {
        CompletableFuture<EventsCloseReport> report = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Subscription subscription = events.subscribe(NEWS, news -> {
            report.complete(events.close(in(Duration.ofMinutes(10))));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });

        events.publish(NEWS, "close everything");

        assertThat(report.join().undelivered()).singleElement().satisfies(left -> assertThat(left.inHand())
                .extracting(unfinished -> (Object) unfinished.event().payload())
                .containsExactly("close everything"));
        assertThat(interrupted.join()).isFalse();
        assertThat(settled(subscription).processed()).isEqualTo(1);
    }

    @Test
    void endsThePauseOfARetry() {
        ManualTime time = new ManualTime();
        Events paused = Events.builder().ticker(time).scheduler(time).build();
        Subscription subscription = paused.subscribe(
                NEWS,
                news -> {
                    throw new IOException("broken");
                },
                o -> o.retry(new RedeliveryPolicy(5, Duration.ofHours(1), 1, Duration.ofHours(1))));
        paused.publish(NEWS, "to be retried");
        eventually("it waits for its retry, and the watch for its next look", () -> time.pending() == 2);

        EventsCloseReport report = paused.close(Deadline.after(Duration.ZERO, time));

        assertThat(report.undelivered().getFirst().inHand()).hasSize(1);
        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 1L));
        assertThat(time.pending()).isZero();
    }

    @Test
    void reportsAnEventOnceThatItsWorkerHasDroppedAlready() {
        ManualTime time = new ManualTime();
        Events paused = Events.builder().ticker(time).scheduler(time).build();
        QueuedSubscription subscription = (QueuedSubscription) paused.subscribe(
                NEWS,
                news -> {
                    throw new IOException("broken");
                },
                o -> o.retry(new RedeliveryPolicy(5, Duration.ofHours(1), 1, Duration.ofHours(1))));
        paused.publish(NEWS, "to be retried");
        eventually("it waits for its retry, and the watch for its next look", () -> time.pending() == 2);
        assertThat(subscription.queue.close()).isEmpty();
        subscription.beginClose();
        eventually("the worker drops it", () -> subscription.snapshot().totalDropped() == 1);

        assertThat(subscription.finishClose(true).inHand()).hasSize(1);
        assertThat(subscription.finishClose(true).inHand()).isEmpty();
    }

    @Test
    void boundsTheWaitOfEachBus() throws InterruptedException {
        Events impatient = Events.builder()
                .bus("business", BusOptions.defaults().withDrainTimeout(Duration.ZERO))
                .build();
        impatient.subscribe(NEWS, gate);
        impatient.publish(NEWS, "in hand");
        gate.awaitEntered(1);

        EventsCloseReport report = impatient.close(in(Duration.ofMinutes(10)));

        assertThat(events(report)).isEqualTo(1);
        assertThat(report.took()).isLessThan(Duration.ofMinutes(1));
    }
}
