package io.lynx.kafka;

import io.lynx.config.Binding;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.extension.Registration;
import io.lynx.kafka.KafkaConsumerConfig.Order;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Kafka as bridges use it: a channel is a topic, and an event is a record in the binary mode of the Kafka binding of CloudEvents 1.0, with
 * an attribute in each header {@code ce_…} and the partition key as its key. Thread-safe.
 */
final class KafkaTransport implements BridgeTransport {
    private static final String PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";
    private static final String CONTENT_ATTRIBUTE = "datacontenttype";
    private static final Duration FINISH = Duration.ofSeconds(5);

    private final KafkaSender sender;
    private final KafkaConsumers consumers;
    private final PluginContext context;

    KafkaTransport(KafkaSender sender, KafkaConsumers consumers, PluginContext context) {
        this.sender = sender;
        this.consumers = consumers;
        this.context = context;
    }

    @Override
    public List<UnpublishedMessage> publish(String channel, List<BridgeMessage> messages, Deadline deadline)
            throws InterruptedException {
        List<UnpublishedMessage> left = new ArrayList<>();
        Map<BridgeMessage, CompletableFuture<RecordMetadata>> sent = new HashMap<>();
        for (BridgeMessage message : messages) {
            try {
                sent.put(message, sender.sendAsync(record(channel, message)));
            } catch (KafkaException refused) {
                left.add(unpublished(message, refused));
            }
        }
        for (BridgeMessage message : messages) {
            CompletableFuture<RecordMetadata> result = sent.get(message);
            if (result == null) {
                continue;
            }
            try {
                RecordMetadata _ = result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                left.add(unpublished(message, failed.getCause() == null ? failed : failed.getCause()));
            } catch (TimeoutException late) {
                left.add(unpublished(message, late));
            }
        }
        return left;
    }

    private static UnpublishedMessage unpublished(BridgeMessage message, Throwable cause) {
        boolean isPermanent = cause instanceof RecordTooLargeException
                || (cause.getCause() != null && cause.getCause() instanceof RecordTooLargeException);
        return new UnpublishedMessage(message, cause, isPermanent);
    }

    private ProducerRecord<byte[], byte[]> record(String channel, BridgeMessage message) {
        ProducerRecord<byte[], byte[]> record =
                sender.record(channel, message.key().isEmpty() ? null : message.key(), message.data());
        message.attributes().forEach((name, value) -> {
            String header = name.equals(CONTENT_ATTRIBUTE) ? CONTENT_TYPE : PREFIX + name;
            var _ = record.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
        });
        return record;
    }

    private static BridgeMessage message(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> attributes = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                String value = new String(header.value(), StandardCharsets.UTF_8);
                if (header.key().startsWith(PREFIX)) {
                    attributes.put(header.key().substring(PREFIX.length()), value);
                } else if (header.key().equals(CONTENT_TYPE)) {
                    attributes.put(CONTENT_ATTRIBUTE, value);
                }
            }
        }
        return new BridgeMessage(attributes, record.value() == null ? new byte[0] : record.value());
    }

    @Override
    public Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) {
        KafkaConsumerConfig settings = settings(subscription.concurrency());
        ConsumerSpec spec = consumers.bridge(subscription.group(), List.copyOf(subscription.channels()), settings);
        InFlight inFlight = new InFlight();
        RetryPauses pauses = new RetryPauses(settings.firstPause(), settings.longestPause());
        ConsumerLoop loop = consumers.start(
                spec,
                delivery -> {
                    inFlight.begin();
                    try {
                        return handle(spec, delivery, receiver, pauses);
                    } finally {
                        inFlight.end();
                    }
                },
                inFlight,
                context);
        AtomicBoolean isClosed = new AtomicBoolean();
        return () -> {
            if (isClosed.compareAndSet(false, true)) {
                finish(loop);
            } else {
                loop.close();
            }
        };
    }

    private static @Nullable Duration handle(
            ConsumerSpec spec, RecordDelivery delivery, BridgeReceiver receiver, RetryPauses pauses) {
        try {
            receiver.receive(spec.plainTopic(delivery.record().topic()), message(delivery.record()));
            return null;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (Exception notAcknowledged) {
            // The bridge counts and logs it; the record stays the next of its key.
        }
        return pauses.pause(delivery.nextAttempt(), ThreadLocalRandom.current());
    }

    /** Polls no more, and commits what is handled within some seconds. */
    private void finish(ConsumerLoop loop) {
        try {
            loop.drain(Deadline.after(FINISH, context.ticker()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The bridge decides about attempts and dead letters; what it does not acknowledge is handled again. */
    private static KafkaConsumerConfig settings(int concurrency) {
        KafkaConsumerConfig defaults = Binding.defaults(KafkaConsumerConfig.class);
        return new KafkaConsumerConfig(
                defaults.topics(),
                defaults.group(),
                concurrency,
                Order.KEY,
                defaults.retries(),
                defaults.firstPause(),
                defaults.longestPause(),
                "",
                defaults.startFrom(),
                defaults.buffer(),
                defaults.bufferSize(),
                defaults.handlerTimeout(),
                defaults.revokeTimeout(),
                defaults.commitInterval(),
                defaults.sessionTimeout());
    }
}
