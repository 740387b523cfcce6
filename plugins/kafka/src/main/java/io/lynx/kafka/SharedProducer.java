package io.lynx.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * The producer of a Kafka, which is made at the first send. Some failures leave a producer in a state that it never leaves; it is replaced
 * at the next send then, or at a health check that finds Kafka in order. Thread-safe.
 */
final class SharedProducer {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Supplier<Producer<byte[], byte[]>> factory;
    private final Consumer<ProducerClient> onEnd;
    private volatile @Nullable ProducerClient current;

    @GuardedBy("this")
    private boolean isClosed;

    /**
     * No producer yet.
     *
     * @param factory makes one
     * @param onEnd receives a producer that is replaced, before it is closed; it may not end the sends that it has
     */
    SharedProducer(Supplier<Producer<byte[], byte[]>> factory, Consumer<ProducerClient> onEnd) {
        this.factory = factory;
        this.onEnd = onEnd;
    }

    ProducerClient get() {
        ProducerClient known = current;
        return known == null || known.isUseless() ? replace() : known;
    }

    private synchronized ProducerClient replace() {
        ProducerClient known = current;
        if (isClosed) {
            throw new SendCancelledException("the record was not sent, since the plugin has stopped", null);
        }
        if (known != null && !known.isUseless()) {
            return known;
        }
        ProducerClient made = new ProducerClient(factory.get());
        current = made;
        if (known != null) {
            end(known);
        }
        return made;
    }

    private void end(ProducerClient old) {
        onEnd.accept(old);
        old.producer().close(Duration.ZERO);
    }

    /** Drops a producer that does not send although Kafka is in order; the next send makes another one. */
    synchronized void check() {
        ProducerClient known = current;
        if (known != null && (known.hasNoThread() || known.isSuspect())) {
            current = null;
            end(known);
        }
    }

    synchronized void close() {
        isClosed = true;
        ProducerClient known = current;
        if (known != null) {
            known.producer().close(CLOSE);
        }
    }
}
