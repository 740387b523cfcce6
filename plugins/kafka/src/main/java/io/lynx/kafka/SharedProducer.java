package io.lynx.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The producer of a Kafka, which is made at the first send. Some failures leave a producer in a state that it never leaves; it is replaced
 * at the next send then. Thread-safe.
 */
final class SharedProducer {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private volatile @Nullable Producer<byte[], byte[]> current;
    private volatile boolean isBroken;

    @GuardedBy("this")
    private boolean isClosed;

    SharedProducer(ClientSettings settings) {
        this.settings = settings;
    }

    Producer<byte[], byte[]> get() {
        Producer<byte[], byte[]> known = current;
        return known == null || isBroken ? replace() : known;
    }

    private synchronized Producer<byte[], byte[]> replace() {
        Producer<byte[], byte[]> known = current;
        if (isClosed) {
            throw new SendCancelledException("the record was not sent, since the plugin has stopped", null);
        }
        if (known == null || isBroken) {
            isBroken = false;
            Producer<byte[], byte[]> made =
                    new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
            current = made;
            if (known != null) {
                known.close(Duration.ZERO);
            }
            return made;
        }
        return known;
    }

    /** Notes a failure of the producer. */
    void failed(Throwable failure) {
        if (failure instanceof AuthenticationException
                || failure instanceof AuthorizationException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof ProducerFencedException
                || failure instanceof IllegalStateException) {
            isBroken = true;
        }
    }

    synchronized void close() {
        isClosed = true;
        Producer<byte[], byte[]> known = current;
        if (known != null) {
            known.close(CLOSE);
        }
    }
}
