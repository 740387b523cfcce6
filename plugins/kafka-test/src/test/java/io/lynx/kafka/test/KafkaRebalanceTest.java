package io.lynx.kafka.test;

import static io.lynx.kafka.test.TestApplications.consuming;
import static io.lynx.kafka.test.TestApplications.order;
import static io.lynx.kafka.test.TestApplications.sender;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two consumers of a group. */
@WithKafka
class KafkaRebalanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final int ROUNDS = 3;

    private final TestKafka kafka = TestKafka.prefixFor(KafkaRebalanceTest.class);

    private LynxTest.Builder application(List<String> handled, CountDownLatch release) {
        return consuming(String.class, order -> {
                    assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
                    handled.add(order.value());
                })
                .with("lynx.kafka.topic_prefix", kafka.prefix());
    }

    private static double assigned(LynxTest lynx) {
        return lynx.metrics().value("lynx_kafka_partitions", "state", "assigned");
    }

    @Test
    void aRebalanceWaitsForRunningHandlersAndRepeatsNothing() throws Exception {
        kafka.createTopic("orders", 4);
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> second = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        try (LynxTest one = application(first, release).start()) {
            for (int i = 0; i < 400; i++) {
                var _ = sender(one).sendAsync(order(i % 4, "k", String.valueOf(i)));
            }
            Await.until(
                    "handlers run",
                    PATIENCE,
                    () -> one.metrics().value("lynx_kafka_running_handlers", "consumer", "orders") == 4);
            try (LynxTest two = application(second, release).start()) {
                Await.until("a partition is to move", PATIENCE, () -> assigned(one) < 4);
                assertThat(second).isEmpty(); // It waits for the handlers of the first.

                release.countDown();

                Await.until("both have partitions", PATIENCE, () -> assigned(one) == 2 && assigned(two) == 2);
                Await.until("all are handled", PATIENCE, () -> first.size() + second.size() >= 400);
                assertThat(second).isNotEmpty();
                assertThat(first).doesNotContainAnyElementsOf(second).doesNotHaveDuplicates();
                assertThat(first.size() + second.size()).isEqualTo(400);
            }
            Await.until("the first has all again", PATIENCE, () -> assigned(one) == 4);
            Await.until("all are committed", PATIENCE, () -> kafka.committed("test.orders", "orders") == 400);
        }
    }

    /** In the long form, since each rebalance takes seconds. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void aStormOfRebalancesLosesAndRepeatsNothing() throws Exception {
        kafka.createTopic("orders", 4);
        List<String> handled = new CopyOnWriteArrayList<>();
        CountDownLatch open = new CountDownLatch(0);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        try (LynxTest one = application(handled, open).start()) {
            Thread sending = Thread.ofVirtual().start(() -> {
                while (!isOver.get()) {
                    int number = sent.getAndIncrement();
                    var _ = sender(one).send("orders", "k" + number % 10, String.valueOf(number));
                }
            });
            for (int round = 0; round < ROUNDS; round++) {
                try (LynxTest two = application(handled, open).start();
                        LynxTest three = application(handled, open).start()) {
                    Await.until("the others have partitions", PATIENCE, () -> assigned(two) > 0 && assigned(three) > 0);
                }
            }
            isOver.set(true);
            sending.join();

            Await.until("all are handled", PATIENCE, () -> handled.size() >= sent.get());
            assertThat(handled).hasSize(sent.get()).doesNotHaveDuplicates();
        }
    }
}
