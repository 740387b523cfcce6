package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.redis.RedisChannels;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithRedis
class RedisChannelsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> received = new CopyOnWriteArrayList<>();
    private LynxTest lynx;

    @BeforeEach
    void start() {
        lynx = TestApplications.start();
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private RedisChannels channels() {
        return lynx.resource(RedisPlugin.channels());
    }

    private void awaitSubscriber(String channel) {
        Await.until("the subscription is made", PATIENCE, () -> channels().publish(channel, "hello") == 1);
    }

    @Test
    void deliversMessagesInOrder() {
        try (Registration _ = channels().subscribe("orders", (_, message) -> received.add(message), "a", "b")) {
            awaitSubscriber("b");
            received.clear();
            for (int i = 0; i < 100; i++) {
                long _ = channels().publish("a", "message " + i);
            }

            Await.until("all are received", PATIENCE, () -> received.contains("message 99"));
            assertThat(received.stream().filter(text -> text.startsWith("message")))
                    .hasSize(100)
                    .isSortedAccordingTo((one, other) -> Integer.compare(number(one), number(other)));
        }
        Await.until("the subscription has ended", PATIENCE, () -> channels().publish("a", "late") == 0);
    }

    private static int number(String message) {
        return Integer.parseInt(message.substring("message ".length()));
    }

    @Test
    void subscribesAgainAfterItsConnectionBroke() {
        AtomicInteger gaps = new AtomicInteger();
        try (Registration _ = channels()
                .subscribe("again", 10, (_, message) -> received.add(message), gaps::incrementAndGet, List.of("a"))) {
            awaitSubscriber("a");

            TestRedis.server().dropConnections();

            Await.until("the gap is reported", PATIENCE, () -> gaps.get() >= 1);
            Await.asserted("a message arrives", PATIENCE, () -> {
                long _ = channels().publish("a", "after");
                assertThat(received).contains("after");
            });
        }
    }

    @Test
    void dropsMessagesThatDoNotFitItsBuffer() throws InterruptedException {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Registration _ = channels()
                .subscribe(
                        "slow",
                        2,
                        (_, message) -> {
                            handling.countDown();
                            boolean _ = release.await(20, TimeUnit.SECONDS);
                            received.add(message);
                        },
                        () -> {},
                        List.of("c"))) {
            awaitSubscriber("c");
            assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 10; i++) {
                long _ = channels().publish("c", "message " + i);
            }

            Await.until(
                    "eight are dropped",
                    PATIENCE,
                    () -> lynx.metrics().value("lynx_redis_messages_dropped_total", "subscription", "slow") == 8);
            release.countDown();
            Await.until("the others are handled", PATIENCE, () -> received.contains("message 1"));
        }
    }

    @Test
    void aHandlerThatThrowsReceivesTheNextMessage() {
        try (Registration _ = channels()
                .subscribe(
                        "failing",
                        (_, message) -> {
                            received.add(message);
                            throw new IllegalStateException("broken handler");
                        },
                        "d")) {
            awaitSubscriber("d");
            long _ = channels().publish("d", "second");

            Await.until("both are received", PATIENCE, () -> received.contains("second"));
        }
    }

    @Test
    void aHandlerThatInterruptsItsThreadReceivesTheNextMessage() {
        try (Registration _ = channels()
                .subscribe(
                        "interrupting",
                        (_, message) -> {
                            received.add(message);
                            Thread.currentThread().interrupt();
                        },
                        "e")) {
            awaitSubscriber("e");
            long _ = channels().publish("e", "second");

            Await.until("both are received", PATIENCE, () -> received.contains("second"));
        }
    }

    @Test
    void anActionAfterAGapThatInterruptsItsThreadEndsNothing() {
        AtomicInteger gaps = new AtomicInteger();
        Runnable onGap = () -> {
            int _ = gaps.incrementAndGet();
            Thread.currentThread().interrupt();
        };
        try (Registration _ =
                channels().subscribe("gap", 10, (_, message) -> received.add(message), onGap, List.of("f"))) {
            awaitSubscriber("f");

            TestRedis.server().dropConnections();

            Await.until("the gap is reported", PATIENCE, () -> gaps.get() >= 1);
            Await.asserted("a message arrives", PATIENCE, () -> {
                long _ = channels().publish("f", "after");
                assertThat(received).contains("after");
            });
        }
    }
}
