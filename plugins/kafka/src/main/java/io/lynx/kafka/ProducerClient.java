package io.lynx.kafka;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
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

    /** Notes a failure of a send by this producer. */
    void failed(Throwable failure) {
        if (breaks(failure)) {
            isBroken = true;
        } else if (failure instanceof TimeoutException && KafkaFailures.isOutage(failure)) {
            hasFailed = true;
        }
    }

    /**
     * Returns whether a producer that has reported a failure cannot be used any more. One that may not write to a topic still can write to
     * others.
     */
    private static boolean breaks(Throwable failure) {
        return switch (failure) {
            case AuthenticationException _,
                    ClusterAuthorizationException _,
                    TransactionalIdAuthorizationException _,
                    ProducerFencedException _,
                    InvalidPidMappingException _,
                    UnsupportedVersionException _,
                    OutOfOrderSequenceException _ -> true;
            // It is closed.
            case IllegalStateException _ -> true;
            default -> false;
        };
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
