package io.lynx.kafka;

import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a consumer that handle records. Each takes a lane that has records, handles some of them, and takes the next. The queue is
 * bounded by the number of lanes, each of which is in it once at most. Thread-safe.
 */
final class HandlerWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConsumers.class);

    /** After that many records, and that time, a lane makes room for others. */
    private static final int MOST_RECORDS = 64;

    private static final Duration MOST_TIME = Duration.ofMillis(10);

    /** When a record is handled again whose handling has failed in a way that nothing else handles. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Function<RecordDelivery, @Nullable Duration> handling;
    private final Runnable onDrained;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final BlockingQueue<Lane> ready = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isStopped;

    /**
     * Creates them.
     *
     * @param handling handles a record; returns the pause before it is to be handled again, or null if it is done
     * @param onDrained runs when a paused partition can take records again
     */
    HandlerWorkers(
            Function<RecordDelivery, @Nullable Duration> handling,
            Runnable onDrained,
            Scheduler scheduler,
            Ticker ticker) {
        this.handling = handling;
        this.onDrained = onDrained;
        this.scheduler = scheduler;
        this.ticker = ticker;
    }

    /** Starts the threads; used by one thread, once. */
    void start(int count, ThreadFactory factory) {
        for (int i = 0; i < count; i++) {
            threads.add(factory.newThread(this::run));
        }
        threads.forEach(Thread::start);
    }

    /** Hands a lane to the threads. */
    void submit(Lane lane) {
        boolean _ = ready.add(lane);
    }

    private void run() {
        while (!isStopped) {
            try {
                work(ready.take());
            } catch (InterruptedException interrupted) {
                // The consumer has stopped; nothing else interrupts a worker that waits.
            }
        }
    }

    private void work(Lane lane) {
        PartitionWork partition = lane.partition();
        long began = ticker.nanos();
        int handled = 0;
        RecordDelivery next = partition.begin(lane);
        while (next != null) {
            Duration pause = handle(next);
            boolean _ = Thread.interrupted(); // A handler may leave it behind, and the next must not find it.
            if (pause != null) {
                if (partition.leave(lane)) {
                    submitAfter(pause, lane);
                }
                return;
            }
            next = partition.done(lane, next);
            handled++;
            if (partition.wantsToResume()) {
                onDrained.run();
            }
            if (next != null && (isStopped || (!ready.isEmpty() && isTurnOver(handled, began)))) {
                if (partition.leave(lane)) {
                    submit(lane);
                }
                return;
            }
        }
    }

    /** A failure must not end the worker: the lane would wait for it forever, and with it all commits of the partition. */
    private @Nullable Duration handle(RecordDelivery delivery) {
        try {
            return handling.apply(delivery);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            ConsumerRecord<byte[], byte[]> record = delivery.record();
            LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log(
                            "Record {}-{}@{} could not be handled; it is handled again in {} s",
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            AFTER_FAILURE.toSeconds());
            return AFTER_FAILURE;
        }
    }

    private boolean isTurnOver(int handled, long began) {
        return handled >= MOST_RECORDS || ticker.nanos() - began >= MOST_TIME.toNanos();
    }

    private void submitAfter(Duration pause, Lane lane) {
        try {
            var _ = scheduler.after(pause, () -> submit(lane));
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            // The plugin has stopped, and the partition moves to another consumer.
        }
    }

    /** Interrupts the threads and lets them end. */
    void stop() {
        isStopped = true;
        threads.forEach(Thread::interrupt);
    }
}
