package io.lynx.event;

import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.SubscriptionOptions;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The account of every subscription, against a second set of books kept by the test: by the handlers, by an observer and
 * by the publishers, over random mixtures of subscribers that are slow, fail, close and pause while several threads
 * publish.
 */
class AccountingTest {
    private static final int PUBLISHERS = 3;
    private static final int EVENTS = 4_000;
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);

    /** What the test itself saw happen for one subscription. */
    private static final class Books {
        final LongAdder returned = new LongAdder();
        final LongAdder buried = new LongAdder();
        final Map<Integer, Boolean> handled = new ConcurrentHashMap<>();
        final AtomicBoolean doubled = new AtomicBoolean();
    }

    private final Map<String, Books> books = new ConcurrentHashMap<>();
    private final EventObserver bookkeeper = new EventObserver() {
        @Override
        public void deadLettered(DeadLetter letter) {
            books(letter.subscription()).buried.increment();
        }
    };

    private Books books(String subscription) {
        return books.computeIfAbsent(subscription, name -> new Books());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
    void addsUpWhateverHappens(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Events events = Events.builder().observer(bookkeeper).deadLetters(10).build();
        List<Subscription> subscriptions = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            subscriptions.add(subscribe(events, "s" + i, random));
        }
        AtomicLong refused = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < PUBLISHERS; p++) {
            int first = p * EVENTS;
            Random own = new Random(random.nextLong());
            threads.add(start(p, () -> publish(events, first, own, refused)));
        }
        threads.add(start(0, () -> disturb(events, subscriptions, random)));
        AtomicBoolean done = new AtomicBoolean();
        Thread auditor = start(1, () -> audit(subscriptions, done));

        for (Thread thread : threads) {
            thread.join();
        }
        EventsCloseReport report = events.close(
                Deadline.after(random.nextBoolean() ? Duration.ofSeconds(30) : Duration.ZERO, Ticker.system()));
        subscriptions.forEach(Eventually::settled);
        done.set(true);
        auditor.join();

        long missed = 0;
        for (Subscription subscription : subscriptions) {
            SubscriptionSnapshot account = settled(subscription);
            Books seen = books(subscription.name());
            assertAddsUp(account);
            assertThat(account.processed()).isEqualTo(seen.returned.sum());
            assertThat(account.deadLettered()).isEqualTo(seen.buried.sum());
            assertThat(seen.doubled).isFalse();
            missed += account.dropped().entrySet().stream()
                    .filter(entry -> entry.getKey().isBeforeQueue())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
        assertThat(refused.get()).as("drops that publishers were told of").isEqualTo(missed);
        assertThat(report.undelivered().stream()
                        .mapToLong(left -> left.queued().size())
                        .sum())
                .isLessThanOrEqualTo(subscriptions.stream()
                        .map(Subscription::snapshot)
                        .mapToLong(account -> account.dropped().getOrDefault(DropReason.UNDELIVERED, 0L))
                        .sum());
    }

    private static Thread start(int number, Runnable work) {
        return number % 2 == 0
                ? Thread.ofPlatform().start(work)
                : Thread.ofVirtual().start(work);
    }

    private Subscription subscribe(Events events, String name, Random random) {
        int queue = 1 + random.nextInt(64);
        int concurrency = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
        Overflow overflow =
                switch (random.nextInt(4)) {
                    case 0 -> Overflow.DROP_NEWEST;
                    case 1 -> Overflow.DROP_OLDEST;
                    case 2 -> Overflow.BLOCK.upTo(Duration.ofNanos(random.nextInt(200_000)));
                    default -> Overflow.BLOCK.upTo(Duration.ofSeconds(30));
                };
        int slowness = random.nextInt(3) * random.nextInt(500);
        int failing = random.nextInt(4);
        RedeliveryPolicy retry =
                new RedeliveryPolicy(random.nextInt(3), Duration.ofNanos(1000), 2, Duration.ofMillis(1));
        boolean picky = random.nextInt(4) == 0;
        Books mine = books(name);
        return events.subscribe(
                NUMBERS,
                number -> {
                    if (mine.handled.put(number, true) != null && failing == 0) {
                        mine.doubled.set(true);
                    }
                    for (int i = 0; i < slowness; i++) {
                        Thread.onSpinWait();
                    }
                    if (failing != 0 && number % (7 * failing) == 0) {
                        if (number % 2 == 0) {
                            throw new IOException("failing");
                        }
                        throw new AssertionError("failing badly");
                    }
                    mine.returned.increment();
                },
                o -> {
                    SubscriptionOptions options = o.name(name)
                            .queue(queue)
                            .overflow(overflow)
                            .retry(retry)
                            .concurrency(concurrency);
                    return picky ? options.where(event -> throwOn((int) event.payload())) : options;
                });
    }

    private static boolean throwOn(int number) {
        if (number % 11 == 0) {
            throw new IllegalStateException("filter");
        }
        return number % 3 != 0;
    }

    private static void publish(Events events, int first, Random random, AtomicLong refused) {
        EventHeaders critical = EventHeaders.NONE.withPriority(Priority.CRITICAL);
        for (int i = 0; i < EVENTS; i++) {
            EventHeaders headers = random.nextInt(8) == 0 ? critical : EventHeaders.NONE;
            PublishResult result = random.nextInt(16) == 0
                    ? events.offer(NUMBERS, first + i, headers)
                    : events.publish(NUMBERS, first + i, headers);
            if (result instanceof PublishResult.Dropped(DropReason _, int subscribers)) {
                refused.addAndGet(subscribers);
            }
        }
    }

    private static void disturb(Events events, List<Subscription> subscriptions, Random random) {
        for (int i = 0; i < 20; i++) {
            events.pause("business");
            spin(random.nextInt(2_000));
            events.resume("business");
            spin(random.nextInt(20_000));
        }
        Subscription victim = subscriptions.get(random.nextInt(subscriptions.size()));
        if (random.nextBoolean()) {
            victim.close();
        } else {
            victim.close(Deadline.after(Duration.ofMillis(random.nextInt(3)), Ticker.system()));
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void audit(List<Subscription> subscriptions, AtomicBoolean done) {
        while (!done.get()) {
            subscriptions.forEach(subscription -> assertAddsUp(subscription.snapshot()));
            Thread.yield();
        }
    }

    private static void assertAddsUp(SubscriptionSnapshot account) {
        long ends = account.processed() + account.deadLettered() + account.totalDropped();
        if (account.queued() < 0
                || account.inHand() < 0
                || account.published() != ends + account.queued() + account.inHand()) {
            throw new AssertionError("does not add up: " + account);
        }
    }
}
