package io.lynx.kafka;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that failed finally to the dead-letter topic of a consumer: with their key, value, headers and timestamp, and with headers
 * that say where they come from and why they failed. A topic that refuses a record, since it is too large, receives it without its value:
 * the topic of the record can accept larger ones, and a letter has more headers. Thread-safe.
 */
final class DeadLetterTopic {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConsumers.class);
    private static final String TOPIC = "{topic}";

    /** In the place of a value that is left out: a record without a value would delete its key from a compacted topic. */
    private static final byte[] NO_VALUE = {};

    private static final int LONGEST_REASON = 500;

    private final ConsumerSpec spec;
    private final KafkaSender sender;

    DeadLetterTopic(ConsumerSpec spec, KafkaSender sender) {
        this.spec = spec;
        this.sender = sender;
    }

    /** Returns whether there is such a topic. */
    boolean isEnabled() {
        return !spec.config().deadLetterTopic().isEmpty();
    }

    /**
     * Sends a record and waits for the acknowledgement.
     *
     * @return whether the topic has it; false if it refuses the record even without its value, and would do so again
     * @throws KafkaException if it is not acknowledged
     */
    boolean send(RecordDelivery delivery, RecordDelivery.DeadLetter letter) {
        byte[] value = delivery.record().value();
        KafkaException refusal = sendUnlessTooLarge(record(delivery, letter, value));
        if (refusal == null) {
            return true;
        }
        int size = value == null ? 0 : value.length;
        ProducerRecord<byte[], byte[]> head = record(delivery, letter, NO_VALUE);
        header(head, "lynx-dead-letter-value-size", Integer.toString(size));
        KafkaException second = sendUnlessTooLarge(head);
        log(delivery, letter, size, second == null ? refusal : second, second == null);
        return second == null;
    }

    private @Nullable KafkaException sendUnlessTooLarge(ProducerRecord<byte[], byte[]> dead) {
        try {
            RecordMetadata _ = sender.send(dead);
            return null;
        } catch (KafkaException failure) {
            if (KafkaFailures.isTooLarge(failure)) {
                return failure;
            }
            throw failure;
        }
    }

    /** Logs each of them, not some: the line is what names the record as long as its topic still has it. */
    private void log(
            RecordDelivery delivery,
            RecordDelivery.DeadLetter letter,
            int size,
            KafkaException refusal,
            boolean isStored) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        LOG.atError()
                .addKeyValue("plugin", spec.plugin())
                .log(
                        "Consumer '{}': {}-{}@{} {} its value of {} bytes ({}); it failed with: {}",
                        spec.name(),
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        isStored
                                ? "became a dead letter without"
                                : "is lost, since the dead-letter topic refuses it even without",
                        size,
                        Masking.mask(UserCode.describe(refusal)),
                        Masking.mask(UserCode.describe(letter.failure())));
    }

    private ProducerRecord<byte[], byte[]> record(
            RecordDelivery delivery, RecordDelivery.DeadLetter letter, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        String topic = spec.plainTopic(record.topic());
        ProducerRecord<byte[], byte[]> dead = new ProducerRecord<>(
                spec.config().deadLetterTopic().replace(TOPIC, topic),
                null,
                record.timestamp() < 0 ? null : record.timestamp(),
                record.key(),
                value,
                record.headers());
        header(dead, "lynx-dead-letter-topic", topic);
        header(dead, "lynx-dead-letter-partition", Integer.toString(record.partition()));
        header(dead, "lynx-dead-letter-offset", Long.toString(record.offset()));
        header(dead, "lynx-dead-letter-consumer", spec.name());
        header(dead, "lynx-dead-letter-reason", letter.reason());
        header(dead, "lynx-dead-letter-failure", shortened(Masking.mask(UserCode.describe(letter.failure()))));
        header(dead, "lynx-dead-letter-attempts", Integer.toString(delivery.attempts()));
        return dead;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        var _ = record.headers().remove(name);
        var _ = record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }
}
