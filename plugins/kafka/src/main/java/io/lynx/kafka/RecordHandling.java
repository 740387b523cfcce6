package io.lynx.kafka;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.recovery.Classification;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands records to the handler of a consumer, and decides what becomes of those that fail. Thread-safe. */
final class RecordHandling<T> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConsumers.class);
    private static final String LOST = "lost";
    private static final long LOG_INTERVAL = Duration.ofSeconds(10).toNanos();

    private final ConsumerSpec spec;
    private final RecordDecoder<T> decoder;
    private final RecordHandler<T> handler;
    private final DeadLetterTopic deadLetters;
    private final RetryPauses pauses;
    private final InFlight inFlight;
    private final Tracing tracing;
    private final Ticker ticker;
    private final MetricRegistry registry;
    private final Histogram duration;
    private final Counter handled;
    private final AtomicLong loggedAt;

    RecordHandling(
            ConsumerSpec spec,
            RecordDecoder<T> decoder,
            RecordHandler<T> handler,
            DeadLetterTopic deadLetters,
            InFlight inFlight,
            PluginContext owner) {
        this.spec = spec;
        this.decoder = decoder;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.pauses = new RetryPauses(spec.config().firstPause(), spec.config().longestPause());
        this.inFlight = inFlight;
        this.tracing = owner.resource(Tracing.KEY);
        this.ticker = owner.ticker();
        this.registry = owner.metrics().registry();
        this.duration = registry.histogram(KafkaMetrics.HANDLERS, spec.kafka(), spec.name());
        this.handled = registry.counter(KafkaMetrics.HANDLED, spec.kafka(), spec.name(), "handled");
        // A series that begins at its first dead letter would hide that one from alerts.
        List.of("failed", "rejected", "undecodable", LOST).forEach(reason -> {
            Counter _ = registry.counter(KafkaMetrics.DEAD_LETTERS, spec.kafka(), spec.name(), reason);
        });
        this.loggedAt = new AtomicLong(ticker.nanos() - LOG_INTERVAL);
    }

    /** Handles a record. Returns the pause before it is to be handled again; null if it is done. */
    @Nullable
    Duration handle(RecordDelivery delivery) {
        RecordDelivery.DeadLetter letter = delivery.deadLetter();
        if (letter == null) {
            Throwable failure = attempt(delivery);
            if (failure == null) {
                handled.increment();
                return null;
            }
            letter = judge(delivery, failure);
            if (letter == null) {
                count("retried");
                return pauses.pause(delivery.attempts(), ThreadLocalRandom.current());
            }
            delivery.bury(letter);
        }
        return bury(delivery, letter);
    }

    private @Nullable Throwable attempt(RecordDelivery delivery) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        int attempt = delivery.nextAttempt();
        T value;
        try {
            value = decode(record);
        } catch (Throwable undecodable) {
            UserCode.rethrowIfFatal(undecodable);
            return new UndecodableException(undecodable);
        }
        ReceivedRecord<T> received = new ReceivedRecord<>(record, spec.plainTopic(record.topic()), value, attempt);
        return call(delivery, received);
    }

    @SuppressWarnings("NullAway") // A record without a value has null in its place.
    private @Nullable T decode(ConsumerRecord<byte[], byte[]> record) throws Exception {
        byte[] value = record.value();
        return value == null ? null : decoder.decode(value);
    }

    private @Nullable Throwable call(RecordDelivery delivery, ReceivedRecord<T> received) {
        long began = ticker.nanos();
        RequestScope scope = RequestScope.of(new RecordSource(
                delivery.record(),
                spec.operation(),
                Deadline.after(spec.config().handlerTimeout(), ticker)));
        Span span = tracing.isActive() ? beginSpan(tracing, spec, delivery.record(), scope) : Span.NONE;
        RequestContext inside = span.in(scope);
        inFlight.begin();
        delivery.runs(scope, began);
        Throwable failure = null;
        try {
            boolean _ = inside.call(() -> {
                handler.handle(received);
                return true;
            });
        } catch (Throwable thrown) {
            UserCode.rethrowIfFatal(thrown);
            failure = thrown;
        } finally {
            delivery.runsNoMore();
            scope.end();
            inFlight.end();
            duration.record(Duration.ofNanos(ticker.nanos() - began));
            span.end(failure);
        }
        return failure;
    }

    /** Begins the span of the handling of a record. */
    static Span beginSpan(
            Tracing tracing, ConsumerSpec spec, ConsumerRecord<byte[], byte[]> record, RequestScope scope) {
        String topic = spec.plainTopic(record.topic());
        Span span = tracing.begin(SpanKind.CONSUMER, "process " + topic, scope);
        if (span.isTraced()) {
            span.attribute("messaging.system", "kafka");
            span.attribute("messaging.operation.type", "process");
            span.attribute("messaging.operation.name", "process");
            span.attribute("messaging.destination.name", topic);
            span.attribute("messaging.destination.partition.id", String.valueOf(record.partition()));
            span.attribute("messaging.kafka.offset", record.offset());
            span.attribute("messaging.consumer.group.name", spec.group());
        }
        return span;
    }

    /** Returns why a record goes to the dead-letter topic; null if it is to be handled again. */
    private RecordDelivery.@Nullable DeadLetter judge(RecordDelivery delivery, Throwable failure) {
        boolean isRejected = failure instanceof RejectedRecordException;
        boolean isUndecodable = failure instanceof UndecodableException;
        boolean isLast = isRejected
                || isUndecodable
                || (!Classification.isExternal(failure)
                        && delivery.failed() > spec.config().retries());
        log(delivery, failure);
        if (!isLast || !deadLetters.isEnabled()) {
            return null;
        }
        return new RecordDelivery.DeadLetter(
                isRejected ? "rejected" : isUndecodable ? "undecodable" : "failed",
                isUndecodable && failure.getCause() != null ? failure.getCause() : failure);
    }

    private void log(RecordDelivery delivery, Throwable failure) {
        long now = ticker.nanos();
        long last = loggedAt.get();
        if (now - last >= LOG_INTERVAL && loggedAt.compareAndSet(last, now)) {
            LOG.atWarn()
                    .addKeyValue("plugin", spec.plugin())
                    .setCause(UserCode.loggable(failure))
                    .log(
                            "Consumer '{}' failed to handle {}-{}@{} (attempt {}); further failures are logged every 10 s",
                            spec.name(),
                            delivery.record().topic(),
                            delivery.record().partition(),
                            delivery.record().offset(),
                            delivery.attempts());
        }
    }

    private @Nullable Duration bury(RecordDelivery delivery, RecordDelivery.DeadLetter letter) {
        boolean isStored;
        try {
            isStored = deadLetters.send(delivery, letter);
        } catch (KafkaException failure) {
            registry.counter(KafkaMetrics.CONSUMER_ERRORS, spec.kafka(), spec.name(), "dead_letter")
                    .increment();
            log(delivery, failure);
            return pauses.pause(delivery.nextAttempt(), ThreadLocalRandom.current());
        }
        count(isStored ? "dead_letter" : LOST);
        registry.counter(KafkaMetrics.DEAD_LETTERS, spec.kafka(), spec.name(), isStored ? letter.reason() : LOST)
                .increment();
        return null;
    }

    private void count(String outcome) {
        registry.counter(KafkaMetrics.HANDLED, spec.kafka(), spec.name(), outcome)
                .increment();
    }

    /** The value of a record could not be read. */
    private static final class UndecodableException extends Exception {
        UndecodableException(Throwable cause) {
            super("the value cannot be decoded", cause);
        }
    }
}
