package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The thread of a consumer, with clients that fail. */
class ConsumerLoopTest {
    private static final ConsumerSpec SPEC = new ConsumerSpec(
            "kafka", "default", "orders", "shop", List.of("orders"), "", Binding.defaults(KafkaConsumerConfig.class));
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private LynxTest lynx;

    @BeforeEach
    void start() {
        lynx = LynxTest.of(new SenderPlugin(MockProducer::new))
                .with("lynx.kafka.servers", "127.0.0.1:1")
                .start();
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private PluginContext context() {
        return lynx.context("kafka");
    }

    private static Deadline patience() {
        return Deadline.after(Duration.ofSeconds(30), Ticker.system());
    }

    @Test
    void connectsAgainAfterAnError() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch polled = new CountDownLatch(1);
        ConsumerLoop loop = new ConsumerLoop(
                SPEC,
                () -> new MockConsumer<>("earliest") {
                    private final boolean isBroken = made.incrementAndGet() == 1;

                    @Override
                    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                        if (isBroken) {
                            throw new NoClassDefFoundError("codec");
                        }
                        polled.countDown();
                        return super.poll(timeout);
                    }
                },
                _ -> null,
                new InFlight(),
                context());

        loop.open();

        assertThat(polled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made).hasValue(2);
        loop.drain(patience());
        loop.close();
    }

    @Test
    void theLagIsKnownAlthoughAWorkerWakesTheClient() {
        MockConsumer<byte[], byte[]> client = new MockConsumer<>("earliest") {
            @Override
            public synchronized long position(TopicPartition partition) {
                throw new WakeupException();
            }

            @Override
            public synchronized long position(TopicPartition partition, Duration timeout) {
                throw new WakeupException();
            }

            @Override
            public synchronized OptionalLong currentLag(TopicPartition partition) {
                return OptionalLong.of(5);
            }
        };
        client.assign(List.of(PARTITION));
        client.updateBeginningOffsets(Map.of(PARTITION, 0L));
        client.updateEndOffsets(Map.of(PARTITION, 7L));
        client.seek(PARTITION, 2);
        client.pause(List.of(PARTITION));
        HandlerWorkers workers = new HandlerWorkers(
                _ -> null, () -> {}, context().scheduler(), context().ticker());
        AssignedPartitions assigned =
                new AssignedPartitions(SPEC, client, workers, ConsumerLoopTest::patience, context());
        assigned.onPartitionsAssigned(List.of(PARTITION));

        assertThat(assigned.lag()).containsExactly(Map.entry("orders", 5L));
    }
}
