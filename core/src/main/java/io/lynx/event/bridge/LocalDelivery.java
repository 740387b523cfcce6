package io.lynx.event.bridge;

import io.lynx.config.Masking;
import io.lynx.context.RequestScope;
import io.lynx.event.EventBuses;
import io.lynx.event.EventReceipt;
import io.lynx.event.EventReceipt.ReceiptOutcome;
import io.lynx.event.Topic;
import io.lynx.event.bridge.CloudEventCodec.MessageHead;
import io.lynx.event.bridge.CloudEventCodec.PoisonMessageException;
import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Delivers messages to the subscriptions of this process and waits until their handlers have returned. A handler that failed receives
 * the event again, up to a number of attempts. It waits for room in a full queue and, if {@link Settings#isPatient}, until an external
 * system is up again. Thread-safe.
 */
public final class LocalDelivery {
    private final EventBuses events;
    private final CloudEventCodec codec;
    private final Settings settings;
    /** Ends the pauses before further attempts. */
    private final CompletableFuture<Boolean> draining = new CompletableFuture<>();
    /** Ends the waits for handlers. */
    private final CompletableFuture<Boolean> closing = new CompletableFuture<>();

    /**
     * How it delivers. Immutable.
     *
     * @param attempts how often an event is delivered to handlers that fail
     * @param isPatient whether failures of external systems, such as a database that is down, do not count as attempts
     * @param pauses the pauses between
     * @param scheduler ends the pauses
     * @param ticker the time of the pauses
     * @param random the jitter of the pauses
     * @param onRetry runs before each further attempt
     */
    public record Settings(
            int attempts,
            boolean isPatient,
            RedeliveryPauses pauses,
            Scheduler scheduler,
            Ticker ticker,
            RandomGenerator random,
            Runnable onRetry) {}

    /** What became of a message. Immutable. */
    public sealed interface LocalOutcome {
        /** Every matching subscription has processed it. */
        record Processed(int subscriptions) implements LocalOutcome {}

        /** Nothing in this process subscribes to its topic. */
        record Unclaimed(String topic) implements LocalOutcome {}

        /** It is not an event that can be read; it never will be. */
        record Poison(String problem) implements LocalOutcome {}

        /** A handler failed in the last attempt. */
        record Failed(List<String> subscriptions, Throwable failure) implements LocalOutcome {}

        /** The delivery was closed before the event was processed. */
        record Interrupted() implements LocalOutcome {}
    }

    /** Creates a delivery. */
    public LocalDelivery(EventBuses events, CloudEventCodec codec, Settings settings) {
        this.events = events;
        this.codec = codec;
        this.settings = settings;
    }

    /** Makes no further attempts: deliveries whose handlers fail from now on, and those that wait for an attempt, return. */
    public void drain() {
        boolean _ = draining.complete(true);
    }

    /** Ends every wait: deliveries in progress return, and later ones do nothing. */
    public void close() {
        drain();
        boolean _ = closing.complete(true);
    }

    /**
     * Delivers a message, and returns when that is over.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public LocalOutcome deliver(BridgeMessage message) throws InterruptedException {
        MessageHead head;
        try {
            head = codec.head(message, "");
        } catch (PoisonMessageException poison) {
            return new LocalOutcome.Poison(describe(poison));
        }
        return deliver(message, head);
    }

    LocalOutcome deliver(BridgeMessage message, MessageHead head) throws InterruptedException {
        Optional<Topic<?>> topic = events.topic(head.bus(), head.type());
        return topic.isEmpty()
                ? new LocalOutcome.Unclaimed(head.bus() + "/" + head.type())
                : deliver(message, head, topic.get());
    }

    private <T> LocalOutcome deliver(BridgeMessage message, MessageHead head, Topic<T> topic)
            throws InterruptedException {
        T payload;
        try {
            payload = codec.payload(message, topic);
        } catch (PoisonMessageException poison) {
            return new LocalOutcome.Poison(describe(poison));
        }
        EventReceipt receipt = new EventReceipt(head.event());
        RequestScope scope = RequestScope.of(message.source("event " + message.type()));
        int failures = 0;
        int waits = 0;
        while (!closing.isDone()) {
            scope.run(() -> events.receive(topic, payload, receipt));
            ReceiptOutcome outcome = outcome(receipt);
            if (outcome == null) {
                break;
            }
            if (outcome.isProcessed()) {
                return outcome.subscriptions() == 0
                        ? new LocalOutcome.Unclaimed(topic.toString())
                        : new LocalOutcome.Processed(outcome.subscriptions());
            }
            if (outcome.failure() != null && countsAsAttempt(outcome.failure())) {
                failures++;
            }
            if (failures >= settings.attempts()) {
                return new LocalOutcome.Failed(
                        outcome.failed(), Objects.requireNonNullElseGet(outcome.failure(), IllegalStateException::new));
            }
            if (!pause(++waits)) {
                break;
            }
            settings.onRetry().run();
        }
        return new LocalOutcome.Interrupted();
    }

    private boolean countsAsAttempt(Throwable failure) {
        return !settings.isPatient() || !Classification.isExternal(failure);
    }

    private static String describe(PoisonMessageException poison) {
        return Objects.requireNonNullElse(poison.getMessage(), "malformed");
    }

    /** Waits for the outcome; null if the delivery was closed before. */
    private @Nullable ReceiptOutcome outcome(EventReceipt receipt) throws InterruptedException {
        CompletableFuture<ReceiptOutcome> outcome = receipt.outcome().toCompletableFuture();
        try {
            Object _ = CompletableFuture.anyOf(outcome, closing).get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        return outcome.isDone() ? outcome.join() : null;
    }

    /** Waits before another attempt; returns whether there is one. */
    private boolean pause(int number) throws InterruptedException {
        Deadline end = Deadline.after(settings.pauses().after(number, settings.random()), settings.ticker());
        return !TimedWait.await(draining, end, settings.scheduler());
    }

    /** Describes a failure for a dead letter or a log line, without secrets. */
    static String describe(Throwable failure) {
        return Masking.mask(UserCode.describe(failure));
    }
}
