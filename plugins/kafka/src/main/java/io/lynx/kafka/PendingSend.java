package io.lynx.kafka;

import io.lynx.context.Span;
import io.lynx.plugin.external.Use;
import io.lynx.resilience.Bulkhead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A record between its send and its acknowledgement. It ends once: by the acknowledgement, by a failure, or since its caller does not wait
 * any more. Thread-safe.
 */
final class PendingSend implements Callback {
    private final Use use;
    private final Bulkhead.Slot slot;
    private final Span span;
    private final long began;
    private final Ended onEnd;
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private final CompletableFuture<RecordMetadata> result = new CompletableFuture<>();
    private volatile @Nullable ProducerClient client;

    /** Is notified that a send has ended. */
    @FunctionalInterface
    interface Ended {
        /** Receives what the caller receives as failure; null if the record was acknowledged. */
        void ended(PendingSend send, @Nullable KafkaException failure);
    }

    PendingSend(Use use, Bulkhead.Slot slot, Span span, long began, Ended onEnd) {
        this.use = use;
        this.slot = slot;
        this.span = span;
        this.began = began;
        this.onEnd = onEnd;
    }

    Span span() {
        return span;
    }

    long began() {
        return began;
    }

    /** Returns the acknowledgement; it fails with a {@link KafkaException}. */
    CompletableFuture<RecordMetadata> result() {
        return result;
    }

    /** Notes which producer has the record. */
    void handedTo(ProducerClient producer) {
        client = producer;
    }

    boolean isOf(ProducerClient producer) {
        return client == producer;
    }

    boolean hasEnded() {
        return hasEnded.get();
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        ProducerClient known = client;
        if (failure == null && known != null) {
            known.acknowledged();
        }
        if (failure != null || metadata == null) {
            failed(failure == null ? new KafkaException("no answer") : failure);
        } else if (hasEnded.compareAndSet(false, true)) {
            use.succeeded();
            end(null);
            boolean _ = result.complete(metadata);
        }
    }

    /** Ends the send with a failure of Kafka, or of the producer that has the record. */
    void failed(Throwable failure) {
        ProducerClient known = client;
        if (known != null) {
            known.failed(failure);
        }
        if (hasEnded.compareAndSet(false, true)) {
            if (failure instanceof KafkaException) {
                use.failed(failure); // Anything else says nothing of Kafka.
            }
            KafkaException explained = KafkaFailures.explain(failure);
            end(explained);
            boolean _ = result.completeExceptionally(explained);
        }
    }

    /** Ends the wait for the acknowledgement, which does not count for or against the circuit breaker. */
    void cancel(String reason) {
        if (hasEnded.compareAndSet(false, true)) {
            SendCancelledException failure = new SendCancelledException(reason, null);
            end(failure);
            boolean _ = result.completeExceptionally(failure);
        }
    }

    private void end(@Nullable KafkaException failure) {
        use.close();
        slot.close();
        span.end(failure);
        onEnd.ended(this, failure);
    }
}
