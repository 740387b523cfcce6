package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);

    private final ManualTime time = new ManualTime();
    private final Events events = Events.builder()
            .ticker(time)
            .wallClock(time)
            .scheduler(time)
            .random(new Random(1))
            .build();

    @AfterEach
    void close() {
        events.close();
    }

    /** Lets the pauses of retries pass until the subscription has come to rest. */
    private SubscriptionSnapshot letPausesPass(Subscription subscription) {
        eventually("settled", () -> {
            time.advance(Duration.ofMillis(10));
            SubscriptionSnapshot snapshot = subscription.snapshot();
            return snapshot.queued() == 0 && snapshot.inHand() == 0;
        });
        return subscription.snapshot();
    }

    @Test
    void aFaultOfTheFrameworkCostsTheEventAndNotTheSubscription() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        InstantSource fragileClock = () -> {
            if (isBroken.get()) {
                throw new NoClassDefFoundError("in a test");
            }
            return time.instant();
        };
        List<String> handled = new CopyOnWriteArrayList<>();
        try (Events fragile = Events.builder()
                .ticker(time)
                .wallClock(fragileClock)
                .scheduler(time)
                .build()) {
            Subscription subscription = fragile.subscribe(NEWS, news -> {
                if (news.equals("first")) {
                    throw new IOException("broken");
                }
                handled.add(news);
            });
            fragile.publish(NEWS, "first");
            eventually(
                    "the first event is dropped", () -> subscription.snapshot().totalDropped() == 1);
            isBroken.set(false);

            fragile.publish(NEWS, "second");

            eventually("the second event is handled", () -> handled.equals(List.of("second")));
            assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 1L));
        }
    }

    @Test
    void retriesUntilTheHandlerSucceeds() {
        AtomicInteger attempts = new AtomicInteger();
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IOException("not yet");
                    }
                },
                o -> o.retry(3));

        events.publish(NEWS, "hello");
        SubscriptionSnapshot account = letPausesPass(subscription);

        assertThat(attempts).hasValue(3);
        assertThat(account.processed()).isEqualTo(1);
        assertThat(account.retried()).isEqualTo(2);
        assertThat(account.deadLettered()).isZero();
        assertThat(events.deadLetters().list()).isEmpty();
    }

    @Test
    void deadLettersAnEventAfterTheLastRetry() {
        AtomicInteger attempts = new AtomicInteger();
        IOException failure = new IOException("never");
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    attempts.incrementAndGet();
                    throw failure;
                },
                o -> o.retry(2).name("stubborn"));

        events.publish(NEWS, "hello");
        SubscriptionSnapshot account = letPausesPass(subscription);

        assertThat(attempts).hasValue(3);
        assertThat(account.deadLettered()).isEqualTo(1);
        DeadLetter letter = events.deadLetters().list().getFirst();
        assertThat(letter.event().payload()).isEqualTo("hello");
        assertThat(letter.subscription()).isEqualTo("stubborn");
        assertThat(letter.attempts()).isEqualTo(3);
        assertThat(letter.failure()).isSameAs(failure);
        assertThat(letter.at()).isBetween(letter.event().timestamp(), time.instant());
    }

    @Test
    void delaysLaterEventsToKeepTheOrder() {
        List<String> order = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    order.add(news);
                    if (order.size() < 3) {
                        throw new IOException("not yet");
                    }
                },
                o -> o.retry(5).ordered());

        events.publish(NEWS, "first");
        events.publish(NEWS, "second");
        letPausesPass(subscription);

        assertThat(order).containsExactly("first", "first", "first", "second");
    }

    @Test
    void doesNotRetryAnError() {
        AtomicInteger attempts = new AtomicInteger();
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("gone");
                    }
                },
                o -> o.retry(5));

        events.publish(NEWS, "fatal");
        events.publish(NEWS, "fine");
        SubscriptionSnapshot account = settled(subscription);

        assertThat(account.deadLettered()).isEqualTo(1);
        assertThat(account.processed()).isEqualTo(1);
        assertThat(events.deadLetters().list().getFirst().failure()).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void passesAVirtualMachineErrorToTheUncaughtExceptionHandler() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Events watched = Events.builder()
                .threads(Thread.ofVirtual()
                        .uncaughtExceptionHandler((thread, failure) -> uncaught.add(failure))
                        .factory())
                .build();
        try (watched) {
            OutOfMemoryError failure = new OutOfMemoryError("said the test");
            Subscription subscription = watched.subscribe(NEWS, news -> {
                throw failure;
            });

            watched.publish(NEWS, "big");
            eventually("told", () -> !uncaught.isEmpty());

            assertThat(uncaught).containsExactly(failure);
            assertThat(settled(subscription).deadLettered()).isEqualTo(1);
        }
    }

    @Test
    void continuesAfterAHandlerThatLeftItsThreadInterrupted() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NEWS, news -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted by another event");
            }
            seen.add(news);
            Thread.currentThread().interrupt();
        });

        events.publish(NEWS, "one");
        events.publish(NEWS, "two");

        assertThat(settled(subscription).processed()).isEqualTo(2);
        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void growsItsPausesUpToTheMaximum() {
        RedeliveryPolicy retry = new RedeliveryPolicy(9, Duration.ofMillis(100), 3, Duration.ofSeconds(1));

        assertThat(retry.bound(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(retry.bound(2)).isEqualTo(Duration.ofMillis(300));
        assertThat(retry.bound(3)).isEqualTo(Duration.ofMillis(900));
        assertThat(retry.bound(4)).isEqualTo(Duration.ofSeconds(1));
        assertThat(retry.bound(1000)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void drawsItsPausesFromZeroToTheBound() {
        RedeliveryPolicy retry = new RedeliveryPolicy(1, Duration.ofMillis(100), 2, Duration.ofSeconds(1));
        Random random = new Random(7);

        List<Duration> pauses = java.util.stream.Stream.generate(() -> retry.pause(1, random))
                .limit(1000)
                .toList();

        assertThat(pauses).allSatisfy(pause -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(100)));
        assertThat(pauses).anySatisfy(pause -> assertThat(pause).isLessThan(Duration.ofMillis(5)));
        assertThat(pauses).anySatisfy(pause -> assertThat(pause).isGreaterThan(Duration.ofMillis(95)));
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> RedeliveryPolicy.times(-1)).hasMessage("redeliveries: -1; 0 to 1000 are allowed");
    }

    @Test
    void refusesPausesOutOfRange() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new RedeliveryPolicy(1, second, 0.5, second))
                .hasMessage("redelivery pauses: PT1S, growing by 0.5 to PT1S;"
                        + " 0 <= first <= longest <= 365 days and a factor of 1 or more are allowed");
        assertThatThrownBy(() -> new RedeliveryPolicy(1, second, Double.NaN, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RedeliveryPolicy(1, second.negated(), 2, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RedeliveryPolicy(1, second, 2, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RedeliveryPolicy(1, second, 2, Duration.ofDays(366)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesPausesThatOverflow() {
        Duration threeCenturies = Duration.ofDays(300 * 365);
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);

        for (Duration tooLong : List.of(threeCenturies, forever)) {
            assertThatThrownBy(() -> new RedeliveryPolicy(1, Duration.ofSeconds(1), 2, tooLong))
                    .hasMessageContaining("<= 365 days");
        }
        assertThatThrownBy(() -> Overflow.BLOCK.upTo(forever)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BusOptions.defaults().withDrainTimeout(threeCenturies))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BusOptions.defaults().withHistory(1, forever))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endsAnyPauseOfAYearWhenTheSubscriptionCloses() {
        RedeliveryPolicy yearly =
                new RedeliveryPolicy(1000, Duration.ofDays(365), Double.MAX_VALUE, Duration.ofDays(365));
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    throw new IOException("never");
                },
                o -> o.retry(yearly));
        events.publish(NEWS, "hello");
        eventually("waits for the redelivery", () -> subscription.snapshot().retried() == 1);

        subscription.close();

        assertThat(settled(subscription).dropped()).isEqualTo(Map.of(DropReason.UNDELIVERED, 1L));
    }

    @Test
    void survivesExceptionsWhoseOwnMethodsThrow() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NEWS, news -> {
            if (news.equals("hostile")) {
                throw new HostileException();
            }
            seen.add(news);
        });

        events.publish(NEWS, "hostile");
        events.publish(NEWS, "fine");
        SubscriptionSnapshot account = settled(subscription);

        assertThat(account.deadLettered()).isEqualTo(1);
        assertThat(seen).containsExactly("fine");
        assertThat(events.deadLetters().list().getFirst().message()).isEqualTo(HostileException.class.getName());
    }

    @Test
    void masksSecretsInTheMessageOfADeadLetter() {
        Subscription subscription = events.subscribe(NEWS, news -> {
            throw new IOException("connect failed: password=hunter2");
        });

        events.publish(NEWS, "hello");
        settled(subscription);

        assertThat(events.deadLetters().list().getFirst().message())
                .isEqualTo("java.io.IOException: connect failed: password=***");
    }

    private static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new StackOverflowError();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new LinkageError("no stack");
        }
    }
}
