package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HandlerWorkersTest {
    private static final int LIMIT_SECONDS = 30;

    private final ManualTime time = new ManualTime();

    private static List<ConsumerRecord<byte[], byte[]>> records(int count) {
        return LongStream.range(0, count)
                .mapToObj(offset -> TestRecords.record(offset, "k"))
                .toList();
    }

    @Test
    void aHandlerThatInterruptsItsThreadEndsNoWorkerAndDisturbsNoOtherHandler() throws Exception {
        List<Boolean> interruptedBefore = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(4);
        HandlerWorkers workers = new HandlerWorkers(
                _ -> {
                    interruptedBefore.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                    all.countDown();
                    return null;
                },
                () -> {},
                time,
                time);
        workers.start(1, Thread.ofVirtual().factory());
        PartitionWork first = new PartitionWork(new TopicPartition("t", 0), 1, 10, 1_000_000);
        PartitionWork second = new PartitionWork(new TopicPartition("t", 1), 1, 10, 1_000_000);

        first.add(records(2)).forEach(workers::submit);
        second.add(records(2)).forEach(workers::submit);

        assertThat(all.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(interruptedBefore).containsOnly(false);
        workers.stop();
    }

    @Test
    void aFailureOfTheHandlingEndsNoWorkerAndTheRecordIsHandledAgain() throws Exception {
        List<Long> handled = new CopyOnWriteArrayList<>();
        AtomicBoolean isBroken = new AtomicBoolean(true);
        HandlerWorkers workers = new HandlerWorkers(
                delivery -> {
                    handled.add(delivery.record().offset());
                    if (isBroken.getAndSet(false)) {
                        throw new NoClassDefFoundError("of a test");
                    }
                    return null;
                },
                () -> {},
                time,
                time);
        workers.start(1, Thread.ofVirtual().factory());
        PartitionWork broken = new PartitionWork(new TopicPartition("t", 0), 1, 10, 1_000_000);
        PartitionWork other = new PartitionWork(new TopicPartition("t", 1), 1, 10, 1_000_000);
        broken.add(records(1)).forEach(workers::submit);
        Await.until("the handling has failed", () -> handled.size() == 1);

        other.add(records(2)).forEach(workers::submit);
        Await.until("the worker handles others", () -> other.due() == 2);
        time.advance(Duration.ofSeconds(10));

        Await.until("the record is handled again", () -> broken.due() == 1);
        workers.stop();
    }

    @Test
    void whenItStopsTheWorkerBeginsNoFurtherRecord() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        List<Long> handled = new CopyOnWriteArrayList<>();
        HandlerWorkers workers = new HandlerWorkers(
                delivery -> {
                    handled.add(delivery.record().offset());
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopping) {
                        // A handler that swallows the interrupt.
                    }
                    return null;
                },
                () -> {},
                time,
                time);
        workers.start(1, task -> Thread.ofVirtual().unstarted(() -> {
            task.run();
            ended.countDown();
        }));
        PartitionWork work = new PartitionWork(new TopicPartition("t", 0), 1, 10, 1_000_000);
        work.add(records(3)).forEach(workers::submit);
        assertThat(begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

        workers.stop();

        assertThat(ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(handled).containsExactly(0L);
        assertThat(work.due()).isEqualTo(1);
    }
}
