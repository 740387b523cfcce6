package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LynxTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sends take and give back, and which producer their failures belong to. */
class KafkaSenderTest {
    private final List<MockProducer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
    private final SenderPlugin plugin = new SenderPlugin(this::make);
    private LynxTest lynx;

    /** What the next sends throw, one each. */
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private Producer<byte[], byte[]> make() {
        MockProducer<byte[], byte[]> next =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> sent, Callback callback) {
                        throwNext();
                        return super.send(sent, callback);
                    }
                };
        made.add(next);
        return next;
    }

    private void throwNext() {
        switch (failures.poll()) {
            case Error error -> throw error;
            case RuntimeException failure -> throw failure;
            case null, default -> {}
        }
    }

    @BeforeEach
    void start() {
        lynx = LynxTest.of(plugin)
                .with("lynx.kafka.servers", "127.0.0.1:1")
                .with("lynx.kafka.producer.max_waiting", "3")
                .with("lynx.kafka.producer.max_wait", "10ms")
                .start();
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private static ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>("orders", "x".getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<RecordMetadata> send() {
        return plugin.sender().sendAsync(record());
    }

    @Test
    void aLateFailureOfAReplacedProducerDoesNotBreakTheNext() throws Exception {
        CompletableFuture<RecordMetadata> first = send();
        CompletableFuture<RecordMetadata> second = send();
        made.getFirst().errorNext(new ClusterAuthorizationException("no"));
        CompletableFuture<RecordMetadata> third = send();
        assertThat(made).hasSize(2);

        made.getFirst().errorNext(new ClusterAuthorizationException("no"));
        CompletableFuture<RecordMetadata> fourth = send();

        assertThat(made).hasSize(2);
        assertThat(made.getLast().completeNext()).isTrue();
        assertThat(made.getLast().completeNext()).isTrue();
        assertThat(third.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(fourth.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ClusterAuthorizationException.class);
        assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(KafkaOutageException.class);
    }

    @Test
    void aSendThatThrowsAnErrorGivesBackWhatItHasTaken() throws Exception {
        for (int i = 0; i < 4; i++) {
            failures.add(new OutOfMemoryError("of a test"));
            assertThatThrownBy(this::send).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(plugin.sender().waiting()).isZero();
        assertThat(plugin.uses().count()).isZero();

        CompletableFuture<RecordMetadata> next = send();

        assertThat(made.getLast().completeNext()).isTrue();
        assertThat(next.get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aSendWhoseProducerFailsInAnyWayFails() {
        for (Throwable failure : List.of(new IllegalArgumentException("no"), new NoClassDefFoundError("codec"))) {
            failures.add(failure);

            CompletableFuture<RecordMetadata> failed = send();

            assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(KafkaException.class)
                    .hasCause(failure);
        }
        assertThat(plugin.sender().waiting()).isZero();
        assertThat(plugin.uses().count()).isZero();
    }

    @Test
    void aRecordThatCannotBeCompletedGivesBackWhatItHasTaken() {
        ProducerRecord<byte[], byte[]> broken = new ProducerRecord<>("orders", new byte[1]) {
            @Override
            public Headers headers() {
                throw new IllegalStateException("broken");
            }
        };

        assertThatThrownBy(() -> plugin.sender().sendAsync(broken)).hasMessage("broken");

        assertThat(plugin.sender().waiting()).isZero();
        assertThat(plugin.uses().count()).isZero();
    }
}
