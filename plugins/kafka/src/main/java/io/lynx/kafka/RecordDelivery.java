package io.lynx.kafka;

import io.lynx.context.RequestScope;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record between its arrival and the end of its handling. What is not final is used by the worker that has its lane; {@link #isDone} is
 * guarded by the partition.
 */
final class RecordDelivery {
    private final ConsumerRecord<byte[], byte[]> record;
    private final int size;
    private int attempts;
    private int failures;
    private @Nullable DeadLetter deadLetter;
    private volatile @Nullable RequestScope scope;
    private volatile long began;
    boolean isDone;

    /**
     * Why a record is to go to the dead-letter topic.
     *
     * @param reason the label of metrics
     */
    record DeadLetter(String reason, Throwable failure) {}

    RecordDelivery(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
        this.size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    int size() {
        return size;
    }

    int nextAttempt() {
        return ++attempts;
    }

    int attempts() {
        return attempts;
    }

    /** Counts a failure that is the record's own or the handler's. */
    int failed() {
        return ++failures;
    }

    @Nullable
    DeadLetter deadLetter() {
        return deadLetter;
    }

    void bury(DeadLetter letter) {
        deadLetter = letter;
    }

    /** Notes that the handler runs. */
    void runs(RequestScope inside, long now) {
        began = now;
        scope = inside;
    }

    void runsNoMore() {
        scope = null;
    }

    boolean isRunning() {
        return scope != null;
    }

    long began() {
        return began;
    }

    /** Cancels the handler if it runs. */
    void cancel() {
        RequestScope running = scope;
        if (running != null) {
            running.cancel();
        }
    }
}
