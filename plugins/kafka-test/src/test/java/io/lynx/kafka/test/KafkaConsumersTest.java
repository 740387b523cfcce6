package io.lynx.kafka.test;

import static io.lynx.kafka.test.TestApplications.consuming;
import static io.lynx.kafka.test.TestApplications.order;
import static io.lynx.kafka.test.TestApplications.sender;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.kafka.ReceivedRecord;
import io.lynx.kafka.RejectedRecordException;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Consumers in front of a real broker. */
@WithKafka
class KafkaConsumersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final TestKafka kafka = TestKafka.prefixFor(KafkaConsumersTest.class);

    /** Each test has topics of its own. */
    private LynxTest start(LynxTest.Builder application) {
        return application.with("lynx.kafka.topic_prefix", kafka.prefix()).start();
    }

    private void awaitHandled(int count) {
        Await.until(count + " records are handled", PATIENCE, () -> handled.size() >= count);
    }

    private void awaitCommitted(long count) {
        Await.until(
                count + " records are committed", PATIENCE, () -> kafka.committed("test.orders", "orders") == count);
    }

    record Order(int id, String article) {}

    @Test
    void handlesRecordsAndCommitsThem() {
        try (LynxTest lynx = start(consuming(Order.class, order -> {
            assertThat(RequestContext.current().operation()).isEqualTo("consume orders");
            handled.add(order.topic() + " " + order.key().orElse("") + " " + order.value());
        }))) {
            var _ = sender(lynx).send("orders", "7", new Order(7, "lamp"));

            awaitHandled(1);
            assertThat(handled).containsExactly("orders 7 Order[id=7, article=lamp]");
            awaitCommitted(1);
            assertThat(lynx.metrics().value("lynx_kafka_records_handled_total", "outcome", "handled"))
                    .isEqualTo(1);
        }
        try (LynxTest lynx = start(consuming(Order.class, order -> handled.add("again")))) {
            var _ = sender(lynx).send("orders", "8", new Order(8, "desk"));

            awaitHandled(2);
            assertThat(handled).hasSize(2);
        }
    }

    @Test
    void carriesTheRequestToTheHandler() {
        try (LynxTest lynx = start(consuming(
                String.class, order -> handled.add(RequestContext.current().requestId())))) {
            RequestScope.of("request-1", null).run(() -> {
                var _ = sender(lynx).send("orders", null, "text");
            });

            awaitHandled(1);
            assertThat(handled).containsExactly("request-1");
        }
    }

    @Test
    void keepsTheOrderOfAPartitionAndUsesOthersBeside() {
        kafka.createTopic("orders", 4);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (LynxTest lynx = start(consuming(String.class, order -> {
            int now = running.incrementAndGet();
            int _ = most.accumulateAndGet(now, Math::max);
            handled.add(order.partition() + ":" + order.value());
            int _ = running.decrementAndGet();
        }))) {
            for (int i = 0; i < 400; i++) {
                var _ = sender(lynx).sendAsync(order(i % 4, "k" + i % 7, String.valueOf(i)));
            }

            awaitHandled(400);
            for (int partition = 0; partition < 4; partition++) {
                String begin = partition + ":";
                assertThat(handled.stream()
                                .filter(each -> each.startsWith(begin))
                                .map(each -> Integer.parseInt(each.substring(2))))
                        .hasSize(100)
                        .isSorted();
            }
            assertThat(most.get()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void keepsTheOrderOfAKeyAndHandlesOthersBeside() throws InterruptedException {
        kafka.createTopic("orders", 1);
        Map<String, List<Integer>> byKey = new ConcurrentHashMap<>();
        CountDownLatch beside = new CountDownLatch(2);
        try (LynxTest lynx = start(consuming(String.class, order -> {
                    beside.countDown();
                    assertThat(beside.await(30, TimeUnit.SECONDS)).isTrue();
                    byKey.computeIfAbsent(order.key().orElseThrow(), _ -> new CopyOnWriteArrayList<>())
                            .add(Integer.parseInt(order.value()));
                    handled.add(order.value());
                })
                .with("lynx.kafka.consumers.orders.order", "key")
                .with("lynx.kafka.consumers.orders.concurrency", "8"))) {
            for (int i = 0; i < 300; i++) {
                var _ = sender(lynx).sendAsync(order(0, "k" + i % 10, String.valueOf(i)));
            }

            awaitHandled(300);
            assertThat(byKey.values())
                    .hasSize(10)
                    .allSatisfy(values -> assertThat(values).hasSize(30).isSorted());
            awaitCommitted(300);
        }
    }

    @Test
    void retriesAndThenSendsToTheDeadLetterTopic() {
        try (LynxTest lynx = start(consuming(String.class, order -> {
                    handled.add(order.value() + " " + order.attempt());
                    if (order.value().equals("bad")) {
                        throw new IllegalStateException("broken handler");
                    }
                    if (order.value().equals("never")) {
                        throw new RejectedRecordException("unknown article");
                    }
                })
                .with("lynx.kafka.consumers.orders.retries", "2"))) {
            var _ = sender(lynx).send(order(0, "k", "bad"));
            var _ = sender(lynx).send(order(0, "k", "never"));
            var _ = sender(lynx).send(order(0, "k", "good"));

            awaitHandled(5);
            assertThat(handled).containsExactly("bad 1", "bad 2", "bad 3", "never 1", "good 1");
            awaitCommitted(3);
            List<ConsumerRecord<byte[], byte[]>> dead = kafka.records("orders.dead-letters");
            assertThat(dead).hasSize(2);
            assertThat(header(dead.getFirst(), "lynx-dead-letter-failure")).contains("broken handler");
            assertThat(header(dead.getFirst(), "lynx-dead-letter-reason")).isEqualTo("failed");
            assertThat(header(dead.getFirst(), "lynx-dead-letter-attempts")).isEqualTo("3");
            assertThat(header(dead.getFirst(), "lynx-dead-letter-offset")).isEqualTo("0");
            assertThat(header(dead.getLast(), "lynx-dead-letter-reason")).isEqualTo("rejected");
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aPoisonRecordGoesToTheDeadLetterTopicUnchanged() {
        try (LynxTest lynx = start(consuming(
                Order.class, order -> handled.add("order " + order.value().id())))) {
            var _ = sender(lynx).send(order(0, "k", "{not json"));
            var _ = sender(lynx).send("orders", "k", new Order(2, "desk"));

            awaitHandled(1);
            Await.until("it is a dead letter", PATIENCE, () -> kafka.values("orders.dead-letters")
                    .equals(List.of("{not json")));
            Await.until(
                    "it is counted",
                    PATIENCE,
                    () -> lynx.metrics().value("lynx_kafka_dead_letters_total", "reason", "undecodable") == 1);
            awaitCommitted(2);
        }
    }

    private void createDeadLetterTopic(String mostBytes) {
        TestKafka.server()
                .createTopic(kafka.prefix() + "orders.dead-letters", 1, Map.of("max.message.bytes", mostBytes));
    }

    private void rejectLarge(ReceivedRecord<String> order) {
        if (order.value().length() > 10) {
            throw new RejectedRecordException("unknown article");
        }
        handled.add(order.value());
    }

    @Test
    void aDeadLetterThatIsTooLargeForItsTopicIsSentWithoutItsValue() {
        createDeadLetterTopic("100000");
        try (LynxTest lynx = start(consuming(String.class, this::rejectLarge))) {
            var _ = sender(lynx).send(order(0, "k", "x".repeat(200_000)));
            var _ = sender(lynx).send(order(0, "k", "good"));

            awaitHandled(1);
            awaitCommitted(2);
            assertThat(kafka.records("orders.dead-letters")).singleElement().satisfies(dead -> {
                assertThat(dead.value()).isEmpty();
                assertThat(new String(dead.key(), StandardCharsets.UTF_8)).isEqualTo("k");
                assertThat(header(dead, "lynx-dead-letter-reason")).isEqualTo("rejected");
                assertThat(header(dead, "lynx-dead-letter-offset")).isEqualTo("0");
                assertThat(header(dead, "lynx-dead-letter-value-size")).isEqualTo("200000");
            });
            assertThat(lynx.metrics().value("lynx_kafka_dead_letters_total", "reason", "rejected"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aRecordWhoseDeadLetterIsRefusedAltogetherHoldsUpNoOther() {
        createDeadLetterTopic("100");
        try (LynxTest lynx = start(consuming(String.class, this::rejectLarge))) {
            var _ = sender(lynx).send(order(0, "k", "x".repeat(20_000)));
            var _ = sender(lynx).send(order(0, "k", "good"));

            awaitHandled(1);
            awaitCommitted(2);
            assertThat(kafka.records("orders.dead-letters")).isEmpty();
            assertThat(lynx.metrics().value("lynx_kafka_dead_letters_total", "reason", "lost"))
                    .isEqualTo(1);
            assertThat(lynx.metrics().value("lynx_kafka_records_handled_total", "outcome", "lost"))
                    .isEqualTo(1);
        }
    }

    /** A failure that the framework classifies as one of an external system. */
    private static final class DatabaseAbsentException extends Exception implements ClassifiedFailure {
        @Override
        public Classification classification() {
            return Classification.of(ErrorCategory.DATABASE, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);
        }
    }

    @Test
    void anOutageOfAnotherSystemDoesNotUseUpTheRetries() {
        AtomicBoolean isAbsent = new AtomicBoolean(true);
        AtomicInteger attempts = new AtomicInteger();
        try (LynxTest lynx = start(consuming(String.class, order -> {
                    if (isAbsent.get()) {
                        int _ = attempts.incrementAndGet();
                        throw new IllegalStateException(new DatabaseAbsentException());
                    }
                    handled.add(order.value());
                })
                .with("lynx.kafka.consumers.orders.retries", "1"))) {
            var _ = sender(lynx).send("orders", "k", "order");
            Await.until("it is tried often", PATIENCE, () -> attempts.get() > 5);

            isAbsent.set(false);

            awaitHandled(1);
            awaitCommitted(1);
            assertThat(lynx.metrics().sum("lynx_kafka_dead_letters_total")).isZero();
        }
    }

    @Test
    void pausesPartitionsWhileHandlersAreSlower() throws InterruptedException {
        kafka.createTopic("orders", 1);
        CountDownLatch release = new CountDownLatch(1);
        try (LynxTest lynx = start(consuming(String.class, order -> {
                    assertThat(release.await(40, TimeUnit.SECONDS)).isTrue();
                    handled.add(order.value());
                })
                .with("lynx.kafka.consumers.orders.buffer", "20")
                .with("lynx.kafka.properties.max_poll_records", "10")
                .with("lynx.kafka.properties.max_poll_interval_ms", "4000")
                .with("lynx.kafka.consumers.orders.session_timeout", "4s"))) {
            for (int i = 0; i < 500; i++) {
                var _ = sender(lynx).sendAsync(order(0, "k", String.valueOf(i)));
            }
            Await.until(
                    "it is paused",
                    PATIENCE,
                    () -> lynx.metrics().value("lynx_kafka_partitions", "state", "paused") == 1);
            // It stays a member of its group for longer than the largest interval between two polls.
            assertThat(release.await(5, TimeUnit.SECONDS)).isFalse();
            Await.until(
                    "the lag is known",
                    PATIENCE,
                    () -> lynx.metrics().value("lynx_kafka_consumer_lag_records", "topic", "orders") == 500);

            release.countDown();

            awaitHandled(500);
            awaitCommitted(500);
            assertThat(handled).doesNotHaveDuplicates();
            assertThat(lynx.metrics().sum("lynx_kafka_rebalances_total")).isEqualTo(1);
        }
    }

    @Test
    void aShutdownFinishesWhatRunsAndLeavesTheRest() throws Exception {
        kafka.createTopic("orders", 1);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LynxTest lynx = start(consuming(String.class, order -> {
            running.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            handled.add(order.value());
        }));
        for (int i = 0; i < 50; i++) {
            var _ = sender(lynx).send(order(0, "k", String.valueOf(i)));
        }
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        Thread releasing = Thread.ofVirtual().start(() -> {
            Await.until(
                    "the shutdown has begun",
                    PATIENCE,
                    () -> !lynx.application().state().name().equals("READY"));
            release.countDown();
        });
        assertThat(lynx.stop().isClean()).isTrue();
        releasing.join();
        lynx.close();

        Set<String> before = Set.copyOf(handled);
        assertThat(kafka.committed("test.orders", "orders")).isEqualTo(before.size());
        handled.clear();
        try (LynxTest _ = start(consuming(String.class, order -> handled.add(order.value())))) {
            awaitHandled(50 - before.size());
            assertThat(handled).hasSize(50 - before.size()).doesNotContainAnyElementsOf(before);
        }
    }
}
