package io.lynx.kafka;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.NotConnectedException;
import io.lynx.plugin.external.Use;
import io.lynx.plugin.external.Uses;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to one Kafka. A send ends when all replicas in sync have the record, or fails with a {@link KafkaException}: a {@link
 * KafkaOutageException} if Kafka cannot be used, a {@link KafkaUnavailableException} if the circuit breaker refuses it, a {@link
 * SendsExhaustedException} if too many records wait, a {@link SendCancelledException} if the request is over. Headers carry the request
 * and its trace to the consumers. Records of a partition keep the order in which one thread sends them. Thread-safe.
 */
public final class KafkaSender {
    private final String plugin;
    private final KafkaConfig config;
    private final Uses uses;
    private final Bulkhead places;
    private final SharedProducer producer;
    private final SendSeries series;
    private final SendSpans spans;
    private final JsonCodec json;
    private final Ticker ticker;
    private final ThreadFactory threads;
    private final Set<PendingSend> pending = ConcurrentHashMap.newKeySet();

    KafkaSender(
            String plugin,
            String label,
            KafkaConfig config,
            Supplier<Producer<byte[], byte[]>> producers,
            Uses uses,
            PluginContext context) {
        this.plugin = plugin;
        this.config = config;
        this.uses = uses;
        this.places = Bulkhead.of(
                plugin, config.producer().maxWaiting(), config.producer().maxWait());
        this.producer = new SharedProducer(producers, this::replaced);
        this.series = new SendSeries(context.metrics().registry(), label);
        this.spans = new SendSpans(context.resource(Tracing.KEY), config);
        this.json = context.json();
        this.ticker = context.ticker();
        this.threads = context.threads();
    }

    /**
     * Sends a record and waits for its acknowledgement.
     *
     * @param key records of one key go to one partition; null for any partition
     * @param value bytes and text are sent as they are, other values as JSON
     * @throws KafkaException if it is not acknowledged in time; Kafka may have stored it all the same
     */
    public RecordMetadata send(String topic, @Nullable String key, Object value) {
        return send(record(topic, key, value));
    }

    /** Returns a record as {@link #send(String, String, Object)} sends it. */
    @SuppressWarnings("NullAway") // A record without a key has null in its place.
    public ProducerRecord<byte[], byte[]> record(String topic, @Nullable String key, Object value) {
        byte[] bytes =
                switch (value) {
                    case byte[] raw -> raw;
                    case String text -> text.getBytes(StandardCharsets.UTF_8);
                    default -> json.write(value);
                };
        return new ProducerRecord<>(topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), bytes);
    }

    /**
     * Sends a record and waits for its acknowledgement, at most until the deadline of the request.
     *
     * @param record its topic is without the prefix of the configuration
     * @throws KafkaException if it is not acknowledged in time; Kafka may have stored it all the same
     */
    public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        RequestContext request = RequestContext.current();
        PendingSend send = begin(record, request);
        Deadline deadline = request.deadline().orElse(null);
        String late = "record for topic '" + record.topic() + "': not acknowledged before the request was over";
        try (Registration _ = request.onCancel(() -> send.cancel(late))) {
            if (deadline == null) {
                return send.result().get();
            }
            return send.result().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException over) {
            send.cancel(late);
            throw new SendCancelledException(late, over);
        } catch (InterruptedException interrupted) {
            send.cancel("record for topic '" + record.topic() + "': the sending thread was interrupted");
            throw new InterruptException(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException known ? known : new KafkaException(failed.getCause());
        }
    }

    /**
     * Sends a record without waiting for its acknowledgement. It waits for room if too many records wait, and for the metadata of a topic
     * that has not been used yet.
     *
     * @param record its topic is without the prefix of the configuration
     * @return fails with a {@link KafkaException}; what depends on it runs on a virtual thread
     * @throws KafkaException if the record cannot be sent now
     */
    public CompletableFuture<RecordMetadata> sendAsync(ProducerRecord<byte[], byte[]> record) {
        return begin(record, RequestContext.current())
                .result()
                .whenCompleteAsync((_, _) -> {}, task -> threads.newThread(task).start());
    }

    private PendingSend begin(ProducerRecord<byte[], byte[]> record, RequestContext request) {
        PendingSend send;
        try {
            send = accept(record.topic(), request);
        } catch (KafkaException refused) {
            series.failed(refused);
            throw refused;
        }
        try {
            Duration maxWait = config.producer().maxWait();
            boolean isShort = request.deadline()
                    .filter(deadline -> deadline.remaining().compareTo(maxWait) < 0)
                    .isPresent();
            ProducerRecord<byte[], byte[]> complete =
                    complete(record, send.span().in(request));
            if (isShort) {
                handOverBefore(send, complete);
            } else {
                handOver(send, complete);
            }
            return send;
        } catch (Throwable failure) {
            send.failed(failure);
            throw failure;
        }
    }

    private PendingSend accept(String topic, RequestContext request) {
        if (request.isCancelled()) {
            throw new SendCancelledException(
                    "record for topic '" + topic + "': not sent, since the request is over", null);
        }
        Use use = use();
        Bulkhead.Slot slot = null;
        boolean isAccepted = false;
        try {
            use.waits();
            slot = places.acquire();
            use.holds();
            Span span = spans.begin(topic, request);
            PendingSend send =
                    new PendingSend(use, slot, span, ticker.nanos(), (ended, failure) -> ended(ended, topic, failure));
            boolean _ = pending.add(send);
            isAccepted = true;
            return send;
        } catch (BulkheadFullException full) {
            if (request.isCancelled()) {
                throw new SendCancelledException(
                        "record for topic '" + topic + "': not sent, since the request is over", full);
            }
            throw new SendsExhaustedException(
                    plugin + ": " + config.producer().maxWaiting() + " records wait for their acknowledgement ("
                            + full.getMessage() + "); send less, or raise lynx." + plugin + ".producer.max_waiting",
                    full);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        } finally {
            if (!isAccepted) {
                if (slot != null) {
                    slot.close();
                }
                use.close();
            }
        }
    }

    private Use use() {
        try {
            return uses.begin();
        } catch (CircuitBreakerOpenException | NotConnectedException refusal) {
            throw new KafkaUnavailableException(refusal.getMessage(), refusal);
        }
    }

    /** Returns the record as it is sent: to the topic at the brokers, with the headers of the request. */
    private ProducerRecord<byte[], byte[]> complete(ProducerRecord<byte[], byte[]> record, RequestContext inside) {
        ProducerRecord<byte[], byte[]> complete = new ProducerRecord<>(
                config.topicPrefix() + record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
        inside.withoutDeadline().propagate((name, value) -> {
            if (complete.headers().lastHeader(name) == null) {
                var _ = complete.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
            }
        });
        return complete;
    }

    /** The client may wait for metadata for longer than the caller can: another thread does that, and is interrupted if it is late. */
    private void handOverBefore(PendingSend send, ProducerRecord<byte[], byte[]> record) {
        Thread thread = threads.newThread(() -> handOver(send, record));
        var _ = send.result().whenComplete((_, failure) -> {
            if (failure instanceof SendCancelledException) {
                thread.interrupt();
            }
        });
        thread.start();
    }

    private void handOver(PendingSend send, ProducerRecord<byte[], byte[]> record) {
        if (send.hasEnded()) {
            return;
        }
        try {
            ProducerClient client = producer.get();
            send.handedTo(client);
            var _ = client.producer().send(record, send);
        } catch (InterruptException interrupted) {
            send.cancel("record for topic '" + record.topic() + "': the sending thread was interrupted");
        } catch (Throwable failure) {
            send.failed(failure);
            UserCode.rethrowIfFatal(failure);
        }
    }

    private void ended(PendingSend send, String topic, @Nullable KafkaException failure) {
        boolean _ = pending.remove(send);
        series.of(topic).record(Duration.ofNanos(ticker.nanos() - send.began()));
        if (failure != null) {
            series.failed(failure);
        }
    }

    /** Replaces a producer that does not send although Kafka, as a health check has found, is in order. */
    void checkProducer() {
        producer.check();
    }

    /** Ends the sends of a producer that may not do so itself. */
    private void replaced(ProducerClient old) {
        pending.stream()
                .filter(send -> send.isOf(old))
                .forEach(send -> send.failed(
                        new DisconnectException("the producer does not work any more; another one takes its place")));
    }

    /** Returns the number of records that wait for their acknowledgement. */
    public int waiting() {
        return pending.size();
    }

    /** Ends every wait for an acknowledgement. */
    void cutOff() {
        pending.forEach(send -> send.cancel("the record was not acknowledged before the plugin stopped"));
    }

    void close() {
        cutOff();
        producer.close();
    }
}
