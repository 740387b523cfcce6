package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes messages to the channels of dead letters. A channel that refuses one permanently, since it is too large, receives it without
 * its payload: the channel of a message can accept larger ones than that of its dead letters, and a letter has more attributes.
 * Thread-safe if the transport is.
 */
final class DeadLetterChannel {
    /** The attribute of a letter whose payload is missing: the number of bytes of that. */
    static final String MISSING = "lynxdatasize";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterChannel.class);

    private final String bridge;
    private final BridgeTransport transport;
    private final ChannelNames channels;
    private final Duration timeout;
    private final Ticker ticker;

    /** What became of a message. */
    sealed interface LetterOutcome {
        /** The channel has it, perhaps without its payload. */
        record Stored() implements LetterOutcome {}

        /** The channel refuses it even without its payload, and would do so again. */
        record Lost() implements LetterOutcome {}

        /** The broker has not acknowledged it, and may do so later. */
        record Unacknowledged(Throwable cause) implements LetterOutcome {}
    }

    DeadLetterChannel(
            String bridge, BridgeTransport transport, ChannelNames channels, Duration timeout, Ticker ticker) {
        this.bridge = bridge;
        this.transport = transport;
        this.channels = channels;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    ChannelNames channels() {
        return channels;
    }

    /** Publishes a message that was not sent, as the other method of that name does. */
    LetterOutcome publish(BridgeMessage message, String reason) throws InterruptedException {
        return publish(channels.of(message), message, reason);
    }

    /**
     * Publishes a message and waits for the acknowledgement.
     *
     * @param channel where the message was, or was to be sent
     * @param reason what is wrong with it, without secrets
     * @throws InterruptedException if interrupted while waiting
     */
    LetterOutcome publish(String channel, BridgeMessage message, String reason) throws InterruptedException {
        BridgeMessage letter =
                message.with("lynxchannel", channel).with("lynxreason", reason.isEmpty() ? "unknown" : reason);
        try {
            UnpublishedMessage refused = refused(channel, letter);
            if (refused != null && refused.isPermanent()) {
                return publishHead(channel, letter, reason, refused.cause());
            }
            return refused == null ? new LetterOutcome.Stored() : new LetterOutcome.Unacknowledged(refused.cause());
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception unreachable) {
            return new LetterOutcome.Unacknowledged(unreachable);
        }
    }

    private LetterOutcome publishHead(String channel, BridgeMessage letter, String reason, Throwable tooLarge)
            throws Exception {
        int size = letter.data().length;
        UnpublishedMessage refused = refused(channel, letter.withoutData().with(MISSING, Integer.toString(size)));
        if (refused != null && !refused.isPermanent()) {
            return new LetterOutcome.Unacknowledged(refused.cause());
        }
        // Each of them, not some: this line is what is left of the payload, or of the event.
        LOG.atError()
                .addKeyValue("bridge", bridge)
                .addKeyValue("channel", channel)
                .addKeyValue("event", letter)
                .addKeyValue("bytes", size)
                .log(
                        refused == null
                                ? "Dead letter is without its payload: its channel refuses it ({}); the event failed with: {}"
                                : "Event is lost: the channel of dead letters refuses it even without its payload ({}); the"
                                        + " event failed with: {}",
                        LocalDelivery.describe(refused == null ? tooLarge : refused.cause()),
                        reason);
        return refused == null ? new LetterOutcome.Stored() : new LetterOutcome.Lost();
    }

    /** Returns what the broker has not acknowledged; null if it has. */
    private @Nullable UnpublishedMessage refused(String channel, BridgeMessage letter) throws Exception {
        List<UnpublishedMessage> refused =
                transport.publish(channels.deadLetters(channel), List.of(letter), Deadline.after(timeout, ticker));
        return refused.isEmpty() ? null : refused.getFirst();
    }
}
