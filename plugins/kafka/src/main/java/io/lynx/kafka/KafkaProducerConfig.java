package io.lynx.kafka;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;

/**
 * How records are sent: the section {@code producer} of a Kafka. A record is acknowledged when all replicas in sync have it, and an
 * attempt that is repeated does not duplicate it. Immutable.
 *
 * @param deliveryTimeout from the send until the acknowledgement, all attempts included
 * @param maxWait for room, and for the first metadata of a topic
 * @param maxWaiting the most records that wait for their acknowledgement
 * @param linger how long a batch waits for more records
 * @param batchSize of a partition
 * @param bufferSize of all batches
 * @param compression of batches
 */
public record KafkaProducerConfig(
        @Doc(
                "Time limit from the send of a record until its acknowledgement; an earlier deadline of the request counts.")
        @Default("30s")
        @Range(min = "100ms", max = "1h")
        Duration deliveryTimeout,

        @Doc("How long a caller waits for room while too many records wait, and for the metadata of a topic.")
        @Default("5s")
        @Range(min = "10ms", max = "5m")
        Duration maxWait,

        @Doc("The most records that wait for their acknowledgement.")
        @Default("10000")
        @Range(min = "1", max = "1000000")
        int maxWaiting,

        @Doc("How long a batch waits for more records before it is sent.")
        @Default("5ms")
        @Range(min = "0s", max = "10s")
        Duration linger,

        @Doc("The largest batch of a partition.") @Default("64KiB") @Range(min = "1KiB", max = "16MiB")
        Size batchSize,

        @Doc("Memory for all batches that wait.") @Default("32MiB") @Range(min = "1MiB", max = "4GiB")
        Size bufferSize,

        @Doc("Compression of batches: none, gzip, snappy, lz4 or zstd.") @Default("none")
        Compression compression) {
    /** An algorithm that batches are compressed with. */
    public enum Compression {
        /** No compression. */
        NONE,
        /** GZIP. */
        GZIP,
        /** Snappy. */
        SNAPPY,
        /** LZ4. */
        LZ4,
        /** Zstandard. */
        ZSTD
    }

    /**
     * Checks that the times fit together.
     *
     * @throws IllegalArgumentException if a batch could wait longer than its records
     */
    public KafkaProducerConfig {
        if (linger.compareTo(deliveryTimeout.dividedBy(2)) > 0) {
            throw new IllegalArgumentException(
                    "linger: is " + linger.toMillis() + "ms; at most half of delivery_timeout is allowed");
        }
    }
}
