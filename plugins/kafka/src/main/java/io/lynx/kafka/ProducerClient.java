package io.lynx.kafka;

import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * A producer and what is known of its thread, which an {@code OutOfMemoryError} ends: the producer then accepts records and never sends
 * them. Thread-safe.
 */
final class ProducerClient {
    private final Producer<byte[], byte[]> producer;
    private volatile @Nullable Thread sending;
    private volatile boolean isBroken;
    private volatile boolean hasFailed;

    ProducerClient(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Notes an acknowledgement; the producer's own thread calls this. */
    void acknowledged() {
        Thread thread = Thread.currentThread();
        if (!thread.equals(sending)) {
            sending = thread;
        }
    }

    /** Notes that it did not send a record in time. */
    void failed() {
        hasFailed = true;
    }

    /** Notes that the producer cannot be used any more. */
    void breaks() {
        isBroken = true;
    }

    /** Returns whether another producer must take its place. */
    boolean isUseless() {
        return isBroken || hasNoThread();
    }

    /** Returns whether its thread has ended, so that what it has is never sent. */
    boolean hasNoThread() {
        Thread known = sending;
        return known != null && !known.isAlive();
    }

    /** Returns whether it has failed and never succeeded, so that nothing is known of its thread. */
    boolean isSuspect() {
        return hasFailed && sending == null;
    }
}
