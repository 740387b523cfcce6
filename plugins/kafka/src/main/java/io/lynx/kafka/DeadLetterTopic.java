package io.lynx.kafka;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Sends records that failed finally to the dead-letter topic of a consumer: with their key, value, headers and timestamp, and with headers
 * that say where they come from and why they failed. Thread-safe.
 */
final class DeadLetterTopic {
    private static final String TOPIC = "{topic}";
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
     * @throws KafkaException if it is not acknowledged
     */
    void send(RecordDelivery delivery, RecordDelivery.DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        String topic = spec.plainTopic(record.topic());
        ProducerRecord<byte[], byte[]> dead = new ProducerRecord<>(
                spec.config().deadLetterTopic().replace(TOPIC, topic),
                null,
                record.timestamp() < 0 ? null : record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
        header(dead, "lynx-dead-letter-topic", topic);
        header(dead, "lynx-dead-letter-partition", Integer.toString(record.partition()));
        header(dead, "lynx-dead-letter-offset", Long.toString(record.offset()));
        header(dead, "lynx-dead-letter-consumer", spec.name());
        header(dead, "lynx-dead-letter-reason", letter.reason());
        header(dead, "lynx-dead-letter-failure", shortened(Masking.mask(UserCode.describe(letter.failure()))));
        header(dead, "lynx-dead-letter-attempts", Integer.toString(delivery.attempts()));
        RecordMetadata _ = sender.send(dead);
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        var _ = record.headers().remove(name);
        var _ = record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }
}
