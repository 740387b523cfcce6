package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.BridgeReceiver;
import io.lynx.event.bridge.ChannelNames.BridgedTopics;
import io.lynx.event.bridge.CloudEventCodec.MessageHead;
import io.lynx.event.bridge.CloudEventCodec.PoisonMessageException;
import io.lynx.event.bridge.DeadLetterChannel.LetterOutcome;
import io.lynx.event.bridge.LocalDelivery.LocalOutcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the messages of a transport. A message is acknowledged when every matching subscription has processed it, or when it is in the
 * channel of dead letters; otherwise it goes back to the broker. Each message that was received is counted once. Thread-safe.
 */
final class BridgeReception implements BridgeReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeReception.class);

    private final String bridge;
    private final List<BridgedTopics> topics;
    private final String origin;
    private final CloudEventCodec codec;
    private final LocalDelivery delivery;
    private final DeadLetterChannel deadLetters;
    /** The topics that were subscribed to before: their events wait while a plugin that subscribes to them restarts. */
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();

    private final Map<ReceptionOutcome, LongAdder> counts = new EnumMap<>(ReceptionOutcome.class);

    /** What became of a received message. */
    enum ReceptionOutcome {
        /** Every matching subscription has processed it. */
        PROCESSED,
        /** This process has sent it, and its own subscriptions have had it. */
        OWN,
        /** Nothing in this process subscribes to its topic, or the bridge does not receive it. */
        UNCLAIMED,
        /** It cannot be read and is a dead letter. */
        POISON,
        /** Its handlers failed and it is a dead letter. */
        FAILED,
        /** It was to become a dead letter, which the channel of dead letters refuses even without the payload. */
        LOST,
        /** It was not acknowledged. */
        RETURNED;

        private final String label = name().toLowerCase(Locale.ROOT);

        String label() {
            return label;
        }
    }

    /** Signals the transport to deliver the message again later. */
    static final class NotAcknowledgedException extends Exception {
        NotAcknowledgedException(String message, Throwable cause) {
            super(message, cause);
        }

        NotAcknowledgedException(String message) {
            super(message);
        }
    }

    BridgeReception(
            String bridge,
            List<BridgedTopics> topics,
            String origin,
            CloudEventCodec codec,
            LocalDelivery delivery,
            DeadLetterChannel deadLetters) {
        this.bridge = bridge;
        this.topics = topics;
        this.origin = origin;
        this.codec = codec;
        this.delivery = delivery;
        this.deadLetters = deadLetters;
        for (ReceptionOutcome outcome : ReceptionOutcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    @Override
    public void receive(String channel, BridgeMessage message) throws Exception {
        ReceptionOutcome outcome = ReceptionOutcome.RETURNED;
        try {
            outcome = handle(channel, message);
        } finally {
            count(outcome).increment();
        }
    }

    private LongAdder count(ReceptionOutcome outcome) {
        return counts.getOrDefault(outcome, new LongAdder());
    }

    private ReceptionOutcome handle(String channel, BridgeMessage message) throws Exception {
        if (message.attribute(CloudEventCodec.ORIGIN).equals(origin)) {
            return ReceptionOutcome.OWN;
        }
        MessageHead head;
        try {
            head = codec.head(message, defaultBus(message.type()));
        } catch (PoisonMessageException poison) {
            return deadLetter(channel, message, ReceptionOutcome.POISON, LocalDelivery.describe(poison));
        }
        if (topics.stream().noneMatch(each -> each.matches(head.bus(), head.type()))) {
            return ReceptionOutcome.UNCLAIMED;
        }
        return switch (delivery.deliver(message, head)) {
            case LocalOutcome.Processed _ -> {
                boolean _ = claimed.add(head.bus() + "/" + head.type());
                yield ReceptionOutcome.PROCESSED;
            }
            case LocalOutcome.Unclaimed(String topic) -> {
                if (claimed.contains(topic)) {
                    throw new NotAcknowledgedException(
                            "event " + message + ": the subscriptions to its topic are closed, such as by a restart");
                }
                unclaimed(topic);
                yield ReceptionOutcome.UNCLAIMED;
            }
            case LocalOutcome.Poison(String problem) -> deadLetter(channel, message, ReceptionOutcome.POISON, problem);
            case LocalOutcome.Failed(List<String> subscriptions, Throwable failure) ->
                deadLetter(
                        channel,
                        message,
                        ReceptionOutcome.FAILED,
                        subscriptions + ": " + LocalDelivery.describe(failure));
            case LocalOutcome.Interrupted _ ->
                throw new NotAcknowledgedException("event " + message + ": the bridge is closing");
        };
    }

    /** Returns the bus of events of other producers, which name none. */
    private String defaultBus(String type) {
        return topics.stream()
                .filter(each -> each.matches(each.bus(), type))
                .map(BridgedTopics::bus)
                .findFirst()
                .orElse("");
    }

    private ReceptionOutcome deadLetter(String channel, BridgeMessage message, ReceptionOutcome outcome, String reason)
            throws Exception {
        return switch (deadLetters.publish(channel, message, reason)) {
            case LetterOutcome.Stored _ -> {
                logDeadLetter(channel, message, outcome, reason);
                yield outcome;
            }
            case LetterOutcome.Lost _ -> ReceptionOutcome.LOST;
            case LetterOutcome.Unacknowledged(Throwable cause) ->
                throw new NotAcknowledgedException(
                        "event " + message + ": could not be sent to the channel of dead letters", cause);
        };
    }

    private void logDeadLetter(String channel, BridgeMessage message, ReceptionOutcome outcome, String reason) {
        long number = count(outcome).sum() + 1;
        if (Long.bitCount(number) == 1) {
            LOG.atWarn()
                    .addKeyValue("bridge", bridge)
                    .addKeyValue("channel", channel)
                    .addKeyValue("event", message)
                    .addKeyValue("count", number)
                    .log(
                            "Received event became a dead letter (logged for the 1st, 2nd, 4th, 8th … of them): {}",
                            reason);
        }
    }

    private void unclaimed(String topic) {
        long number = count(ReceptionOutcome.UNCLAIMED).sum() + 1;
        if (Long.bitCount(number) == 1) {
            LOG.atWarn()
                    .addKeyValue("bridge", bridge)
                    .addKeyValue("topic", topic)
                    .addKeyValue("count", number)
                    .log("Received event is acknowledged although nothing subscribes to its topic; subscribe to it, or"
                            + " remove it from receive (logged for the 1st, 2nd, 4th, 8th … of them)");
        }
    }

    /** Returns how many messages had that outcome. */
    long total(ReceptionOutcome outcome) {
        return count(outcome).sum();
    }

    /** Handles what has arrived, without further attempts. */
    void drain() {
        delivery.drain();
    }

    void close() {
        delivery.close();
    }
}
