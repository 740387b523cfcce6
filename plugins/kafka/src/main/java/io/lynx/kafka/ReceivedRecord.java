package io.lynx.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as a handler receives it. Immutable, apart from the arrays and headers of {@link #raw}.
 *
 * @param <T> the type of the value
 */
public final class ReceivedRecord<T> {
    private final ConsumerRecord<byte[], byte[]> raw;
    private final String topic;
    private final @Nullable T value;
    private final int attempt;

    /**
     * Creates a record.
     *
     * @param topic without the prefix of the configuration
     * @param value null for a record without a value
     */
    ReceivedRecord(ConsumerRecord<byte[], byte[]> raw, String topic, @Nullable T value, int attempt) {
        this.raw = raw;
        this.topic = topic;
        this.value = value;
        this.attempt = attempt;
    }

    /** Returns the topic, without the prefix of the configuration. */
    public String topic() {
        return topic;
    }

    /** Returns the partition. */
    public int partition() {
        return raw.partition();
    }

    /** Returns the place in the partition. */
    public long offset() {
        return raw.offset();
    }

    /** Returns what identifies the record in its cluster, such as {@code orders-3@1042}. */
    public String id() {
        return topic + "-" + raw.partition() + "@" + raw.offset();
    }

    /** Returns the key as text; empty if it has none. */
    @SuppressWarnings("NullAway") // A record without a key has null in its place.
    public Optional<String> key() {
        byte[] key = raw.key();
        return key == null ? Optional.empty() : Optional.of(new String(key, StandardCharsets.UTF_8));
    }

    /**
     * Returns the value.
     *
     * @throws RejectedRecordException if the record has none, which stands for a deletion in a compacted topic
     */
    public T value() {
        T known = value;
        if (known == null) {
            throw new RejectedRecordException(
                    "record " + id() + ": has no value; use findValue if deletions are expected");
        }
        return known;
    }

    /** Returns the value; empty if the record has none, which stands for a deletion in a compacted topic. */
    public Optional<T> findValue() {
        return Optional.ofNullable(value);
    }

    /** Returns the most recent value of a header as text. */
    public Optional<String> header(String name) {
        Header header = raw.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** Returns when the record was sent, or stored if the topic is configured so. */
    public Instant timestamp() {
        return Instant.ofEpochMilli(raw.timestamp());
    }

    /** Returns how many times the record has been handed to the handler since it was fetched, from 1. */
    public int attempt() {
        return attempt;
    }

    /** Returns the record as the client received it. Its topic is with the prefix. */
    public ConsumerRecord<byte[], byte[]> raw() {
        return raw;
    }

    /** Returns the id. */
    @Override
    public String toString() {
        return id();
    }
}
