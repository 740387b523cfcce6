package io.lynx.kafka;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.List;

/**
 * How a consumer handles records: the section {@code consumers.<name>} of a Kafka. Immutable.
 *
 * @param topics that it subscribes to; empty for the one of its own name
 * @param group of consumers that share the partitions; empty for {@code <application>.<name>}
 * @param concurrency the most records that are handled at the same time
 * @param order which records are handled one after the other
 * @param retries how many times a failed record is handled again
 * @param firstPause the bound of the pause before the first retry
 * @param longestPause the largest bound
 * @param deadLetterTopic where records go that failed finally; empty for nowhere
 * @param startFrom where a group without offsets begins
 * @param buffer records of a partition that wait, from which on it is paused
 * @param bufferSize their size, from which on it is paused
 * @param handlerTimeout the deadline of one handling
 * @param revokeTimeout how long a rebalance waits for handlers
 * @param commitInterval between commits
 * @param sessionTimeout after which a silent consumer loses its partitions
 */
public record KafkaConsumerConfig(
        @Doc("Topics that it subscribes to; the topic of its own name if not set.") @Default("[]")
        List<String> topics,

        @Doc("Consumers of one group share the partitions; <application name>.<consumer name> if not set.") @Default("")
        String group,

        @Doc("The most records that are handled at the same time in this instance.")
        @Default("16")
        @Range(min = "1", max = "1000")
        int concurrency,

        @Doc("Which records are handled one after the other: those of a partition, or those of a key.")
        @Default("partition")
        Order order,

        @Doc(
                "How many times a record is handled again whose handler failed. Failures of external systems do not count.")
        @Default("5")
        @Range(min = "0", max = "1000")
        int retries,

        @Doc("The bound of the random pause before the first retry; it doubles with each retry.")
        @Default("200ms")
        @Range(min = "1ms", max = "1h")
        Duration firstPause,

        @Doc("The largest bound of a pause.") @Default("30s") @Range(min = "1ms", max = "1h")
        Duration longestPause,

        @Doc("Topic for records that failed finally or cannot be decoded; empty: they are retried without end.")
        @Default("{topic}.dead-letters")
        String deadLetterTopic,

        @Doc("Where a group without offsets begins: earliest or latest.") @Default("earliest")
        StartFrom startFrom,

        @Doc("Records of a partition that wait for the handler, from which on the partition is paused.")
        @Default("1000")
        @Range(min = "1", max = "1000000")
        int buffer,

        @Doc("Size of the records of a partition that wait, from which on the partition is paused.")
        @Default("4MiB")
        @Range(min = "1KiB", max = "1GiB")
        Size bufferSize,

        @Doc("Deadline of one handling of a record.") @Default("1m") @Range(min = "10ms", max = "1h")
        Duration handlerTimeout,

        @Doc("How long a rebalance waits for handlers of partitions that move to another consumer.")
        @Default("10s")
        @Range(min = "0s", max = "2m")
        Duration revokeTimeout,

        @Doc("Time between commits of handled records; also the most that is handled again after a crash.")
        @Default("500ms")
        @Range(min = "0s", max = "1m")
        Duration commitInterval,

        @Doc("After which time a consumer that is not heard of loses its partitions.")
        @Default("45s")
        @Range(min = "1s", max = "30m")
        Duration sessionTimeout) {
    /** Which records are handled one after the other. */
    public enum Order {
        /** All records of a partition. */
        PARTITION,
        /** Records of the same key; others of the partition may be handled beside them. */
        KEY
    }

    /** Where a group without offsets begins. */
    public enum StartFrom {
        /** At the oldest record. */
        EARLIEST,
        /** At records that are sent from now on. */
        LATEST
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the pauses do not fit together
     */
    public KafkaConsumerConfig {
        topics = List.copyOf(topics);
        if (firstPause.compareTo(longestPause) > 0) {
            throw new IllegalArgumentException("first_pause: is " + firstPause.toMillis()
                    + "ms; at most longest_pause (" + longestPause.toMillis() + "ms) is allowed");
        }
    }
}
