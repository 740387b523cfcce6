package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.extension.ResourceKey;
import java.util.List;

/**
 * A running bridge as other plugins use it: it publishes events that they keep, such as those of an outbox. A bridge shares it under
 * {@link #key}. Thread-safe.
 */
public interface EventBridge {
    /** The capability of bridges: plugins that use one start after it and stop before it. */
    String CAPABILITY = "event-bridge";

    /** Returns the key of the bridge of that name. */
    static ResourceKey<EventBridge> key(String name) {
        return ResourceKey.of("events.bridges." + name, EventBridge.class);
    }

    /** Returns whether its configuration forwards that topic. */
    boolean forwards(String bus, String type);

    /**
     * Publishes messages and returns when the broker has acknowledged them or the time for that is over. Messages with the same key
     * keep their order: what follows one that was not acknowledged is not sent.
     *
     * @return those that were not acknowledged, in their order; the broker may have some of them nevertheless
     * @throws InterruptedException if interrupted while waiting
     */
    List<UnpublishedMessage> publish(List<BridgeMessage> messages) throws InterruptedException;

    /**
     * Publishes a message to the channel of dead letters; without its payload, if the message is too large for that channel.
     *
     * @param reason what is wrong with it, without secrets
     * @return whether the broker has acknowledged it
     * @throws InterruptedException if interrupted while waiting
     */
    boolean deadLetter(BridgeMessage message, String reason) throws InterruptedException;
}
