package io.lynx.kafka;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.Tracing;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.kafka.KafkaConsumerConfig.Order;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
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
    private static final List<String> TRACE = List.of("traceparent", "tracestate");
    private static final Duration FINISH = Duration.ofSeconds(5);

    private final KafkaSender sender;
    private final KafkaConsumers consumers;
    private final PluginContext context;
    private final Tracing tracing;

    KafkaTransport(KafkaSender sender, KafkaConsumers consumers, PluginContext context) {
        this.sender = sender;
        this.consumers = consumers;
        this.context = context;
        this.tracing = context.resource(Tracing.KEY);
    }

    @Override
    public List<UnpublishedMessage> publish(String channel, List<BridgeMessage> messages, Deadline deadline)
            throws InterruptedException {
        List<CompletableFuture<RecordMetadata>> sent = handOver(channel, messages, deadline);
        List<UnpublishedMessage> left = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            BridgeMessage message = messages.get(i);
            if (i >= sent.size()) {
                left.add(unpublished(message, new TimeoutException("not sent before the deadline")));
                continue;
            }
            try {
                RecordMetadata _ = sent.get(i).get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                left.add(unpublished(message, failed.getCause() == null ? failed : failed.getCause()));
            } catch (TimeoutException late) {
                left.add(unpublished(message, late));
            }
        }
        return left;
    }

    /**
     * Hands messages to the client until the deadline. The client may wait for longer, such as for the metadata of a topic, so that a thread
     * of its own does this, which is interrupted then.
     *
     * @return what comes of the messages, in their order; it may be shorter, then the others were not sent
     */
    private List<CompletableFuture<RecordMetadata>> handOver(
            String channel, List<BridgeMessage> messages, Deadline deadline) throws InterruptedException {
        List<CompletableFuture<RecordMetadata>> sent = new CopyOnWriteArrayList<>();
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        AtomicBoolean isLate = new AtomicBoolean();
        Thread thread = context.threads().newThread(() -> {
            try {
                handOver(channel, messages, sent, isLate);
            } finally {
                boolean _ = ended.complete(null);
            }
        });
        thread.start();
        boolean isDone = false;
        try {
            isDone = TimedWait.await(ended, deadline, context.scheduler());
        } finally {
            if (!isDone) {
                isLate.set(true);
                thread.interrupt();
            }
        }
        return List.copyOf(sent);
    }

    /** Ends at a refusal, since each of the others would wait for as long; except for one of the message itself. */
    private void handOver(
            String channel,
            List<BridgeMessage> messages,
            List<CompletableFuture<RecordMetadata>> sent,
            AtomicBoolean isLate) {
        for (BridgeMessage message : messages) {
            if (isLate.get()) {
                return;
            }
            CompletableFuture<RecordMetadata> result;
            try {
                result = send(channel, message);
            } catch (KafkaException refused) {
                result = CompletableFuture.failedFuture(refused);
            }
            boolean _ = sent.add(result);
            if (result.isCompletedExceptionally() && !KafkaFailures.isTooLarge(result.exceptionNow())) {
                return;
            }
        }
    }

    /** Sends a message in the context of its event, so that the send is a span of the trace that published it. */
    private CompletableFuture<RecordMetadata> send(String channel, BridgeMessage message) {
        RequestScope scope = RequestScope.of(message.source("send " + channel));
        try {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>(1);
            scope.run(() -> sent.add(sender.sendAsync(record(channel, message))));
            return sent.getFirst();
        } finally {
            scope.end();
        }
    }

    private static UnpublishedMessage unpublished(BridgeMessage message, Throwable cause) {
        return new UnpublishedMessage(message, cause, KafkaFailures.isTooLarge(cause));
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

    /** Reads a record. Its trace is that of the send, which the client adds as headers of its own; the attribute is that of the publisher. */
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
        for (String name : TRACE) {
            Header sent = record.headers().lastHeader(name);
            if (sent != null && sent.value() != null) {
                attributes.put(name, new String(sent.value(), StandardCharsets.UTF_8));
            }
        }
        return new BridgeMessage(attributes, record.value() == null ? new byte[0] : record.value());
    }

    @Override
    public Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) {
        ConsumerSpec spec = consumers.bridge(
                subscription.group(),
                List.copyOf(subscription.channels()),
                own -> settings(own, subscription.concurrency()));
        KafkaConsumerConfig settings = spec.config();
        MetricRegistry registry = context.metrics().registry();
        Counter handled = registry.counter(KafkaMetrics.HANDLED, spec.kafka(), spec.name(), "handled");
        Counter retried = registry.counter(KafkaMetrics.HANDLED, spec.kafka(), spec.name(), "retried");
        InFlight inFlight = new InFlight();
        RetryPauses pauses = new RetryPauses(settings.firstPause(), settings.longestPause());
        ConsumerLoop loop = consumers.start(
                spec,
                delivery -> {
                    inFlight.begin();
                    try {
                        Duration pause = handle(spec, delivery, receiver, pauses);
                        (pause == null ? handled : retried).increment();
                        return pause;
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

    private @Nullable Duration handle(
            ConsumerSpec spec, RecordDelivery delivery, BridgeReceiver receiver, RetryPauses pauses) {
        Throwable failure = null;
        String topic = spec.plainTopic(delivery.record().topic());
        BridgeMessage message = message(delivery.record());
        RequestScope scope = RequestScope.of(message.source(spec.operation()));
        Span span = beginSpan(spec, delivery.record(), scope);
        try {
            receiver.receive(topic, span.isTraced() ? traced(message, span.in(scope)) : message);
            return null;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            failure = stopping;
        } catch (Throwable notAcknowledged) {
            UserCode.rethrowIfFatal(notAcknowledged);
            // The bridge counts and logs it; the record stays the next of its key.
            failure = notAcknowledged;
        } finally {
            scope.end();
            span.end(failure);
        }
        return pauses.pause(delivery.nextAttempt(), ThreadLocalRandom.current());
    }

    private Span beginSpan(ConsumerSpec spec, ConsumerRecord<byte[], byte[]> record, RequestScope scope) {
        return tracing.isInSpan(scope) ? RecordHandling.beginSpan(tracing, spec, record, scope) : Span.NONE;
    }

    /** Returns the message in another trace context, so that its handlers are within that. */
    private static BridgeMessage traced(BridgeMessage message, RequestContext inside) {
        Map<String, String> attributes = new HashMap<>(message.attributes());
        inside.propagate((name, value) -> {
            if (attributes.containsKey(name)) {
                attributes.put(name, value);
            }
        });
        return new BridgeMessage(attributes, message.data());
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
    private static KafkaConsumerConfig settings(KafkaConsumerConfig own, int concurrency) {
        return new KafkaConsumerConfig(
                own.topics(),
                own.group(),
                concurrency,
                Order.KEY,
                own.retries(),
                own.firstPause(),
                own.longestPause(),
                "",
                own.startFrom(),
                own.buffer(),
                own.bufferSize(),
                own.handlerTimeout(),
                own.revokeTimeout(),
                own.commitInterval(),
                own.sessionTimeout());
    }
}
