package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.DeadLetters.ReplayResult;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final Topic<String> MAIL = Topic.of("business", "mail", String.class);

    private final Events events = Events.builder().deadLetters(3).build();
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        events.close();
    }

    private void handle(String payload) {
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
        handled.add(payload);
    }

    @Test
    void replaysOnlyToTheSubscriptionThatFailed() {
        Subscription failing = events.subscribe(NEWS, this::handle, o -> o.name("failing"));
        AtomicInteger others = new AtomicInteger();
        Subscription other = events.subscribe(NEWS, news -> others.incrementAndGet());
        events.publish(NEWS, "hello");
        settled(failing);
        settled(other);
        DeadLetter letter = events.deadLetters().list().getFirst();
        broken.set(false);

        ReplayResult result = events.deadLetters().replay(letter.id());

        SubscriptionSnapshot account = settled(failing);
        assertThat(result).isEqualTo(new ReplayResult.Replayed(letter));
        assertThat(handled).containsExactly("hello");
        assertThat(others).hasValue(1);
        assertThat(account.published()).isEqualTo(2);
        assertThat(account.deadLettered()).isEqualTo(1);
        assertThat(account.processed()).isEqualTo(1);
        assertThat(events.deadLetters().list()).isEmpty();
    }

    @Test
    void anEventWhoseReplayFailsBecomesADeadLetterAgain() {
        Subscription failing = events.subscribe(NEWS, this::handle);
        events.publish(NEWS, "hello");
        settled(failing);

        events.deadLetters().replay(1);

        assertThat(settled(failing).deadLettered()).isEqualTo(2);
        assertThat(events.deadLetters().list()).extracting(DeadLetter::id).containsExactly(2L);
    }

    @Test
    void replaysToANewSubscriptionOfTheSameName() {
        Subscription failing = events.subscribe(NEWS, this::handle, o -> o.name("orders"));
        events.publish(NEWS, "hello");
        settled(failing);
        failing.close();
        DeadLetter letter = events.deadLetters().list().getFirst();

        ReplayResult alone = events.deadLetters().replay(letter.id());
        broken.set(false);
        Subscription back = events.subscribe(NEWS, this::handle, o -> o.name("orders"));
        ReplayResult again = events.deadLetters().replay(letter.id());

        assertThat(alone).isEqualTo(new ReplayResult.NoSubscriber(letter));
        assertThat(again).isEqualTo(new ReplayResult.Replayed(letter));
        assertThat(settled(back).processed()).isEqualTo(1);
    }

    @Test
    void keepsALetterThatTheQueueRefuses() throws InterruptedException {
        Gate<String> gate = new Gate<>();
        AtomicBoolean first = new AtomicBoolean(true);
        Subscription subscription = events.subscribe(
                NEWS,
                news -> {
                    if (first.getAndSet(false)) {
                        throw new IllegalStateException("broken");
                    }
                    gate.handle(news);
                },
                o -> o.queue(1).overflow(Overflow.DROP_NEWEST));
        events.publish(NEWS, "dead");
        settled(subscription);
        events.publish(NEWS, "in hand");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");
        DeadLetter letter = events.deadLetters().list().getFirst();

        ReplayResult result = events.deadLetters().replay(letter.id());

        assertThat(result).isEqualTo(new ReplayResult.Refused(letter, DropReason.NO_ROOM));
        assertThat(events.deadLetters().list()).containsExactly(letter);
        gate.open();
    }

    @Test
    void findsNothingForUnknownNumbersAndTopics() {
        assertThat(events.deadLetters().replay(42)).isEqualTo(new ReplayResult.NotFound(42));
        assertThat(events.deadLetters().replay(_ -> false)).isEmpty();
        assertThat(events.deadLetters().find(42)).isEmpty();
    }

    @Test
    void replaysByTopic() {
        Subscription news = events.subscribe(NEWS, this::handle);
        Subscription mail = events.subscribe(MAIL, this::handle);
        events.publish(NEWS, "some news");
        events.publish(MAIL, "a letter");
        settled(news);
        settled(mail);
        broken.set(false);

        List<ReplayResult> results =
                events.deadLetters().replay(letter -> letter.event().type().equals(MAIL.type()));

        settled(mail);
        assertThat(results).hasSize(1);
        assertThat(handled).containsExactly("a letter");
        assertThat(events.deadLetters().list())
                .extracting(letter -> letter.event().type())
                .containsExactly("news");
    }

    @Test
    void keepsTheMostRecentLetters() {
        Subscription subscription = events.subscribe(NEWS, this::handle);

        for (int i = 1; i <= 5; i++) {
            events.publish(NEWS, "event " + i);
        }
        settled(subscription);

        assertThat(events.deadLetters().list())
                .extracting(letter -> letter.event().payload())
                .isEqualTo(List.of("event 3", "event 4", "event 5"));
        assertThat(events.deadLetters().pushedOut()).isEqualTo(2);
        assertThat(events.snapshot().deadLettersPushedOut()).isEqualTo(2);
        assertThat(settled(subscription).deadLettered()).isEqualTo(5);
    }

    @Test
    void publishesEachLetter() {
        List<DeadLetter> letters = new CopyOnWriteArrayList<>();
        events.subscribe(Events.DEAD_LETTERED, letters::add);
        events.subscribe(NEWS, this::handle, o -> o.name("failing"));

        events.publish(NEWS, "hello");
        eventually("a dead letter", () -> !letters.isEmpty());

        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(1);
            assertThat(letter.event().bus()).isEqualTo("business");
            assertThat(letter.event().type()).isEqualTo("news");
            assertThat(letter.subscription()).isEqualTo("failing");
            assertThat(letter.failure()).hasMessage("broken");
        });
    }

    @Test
    void doesNotFeedAFailingHandlerOfDeadLetters() {
        AtomicInteger calls = new AtomicInteger();
        Subscription letters = events.subscribe(Events.DEAD_LETTERED, letter -> {
            calls.incrementAndGet();
            throw new IllegalStateException("the handler of dead letters fails, too");
        });
        Subscription failing = events.subscribe(NEWS, this::handle);

        events.publish(NEWS, "hello");
        settled(failing);
        eventually("the letter was handled", () -> letters.snapshot().deadLettered() == 1);

        assertThat(settled(letters).published()).isEqualTo(1);
        assertThat(calls).hasValue(1);
        assertThat(events.deadLetters().size()).isEqualTo(2);
    }

    @Test
    void refusesACapacityOfZero() {
        assertThatThrownBy(() -> Events.builder().deadLetters(0)).hasMessage("dead letters: 0; 1 or more is allowed");
    }
}
