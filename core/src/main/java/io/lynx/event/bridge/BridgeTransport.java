package io.lynx.event.bridge;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Set;

/**
 * A broker as bridges use it. A plugin that has one provides the capability {@value #CAPABILITY} and shares its transport under {@link
 * #key}. Must be thread-safe.
 */
@ExtensionPoint(
        thread = "a virtual thread of the bridge; a traffic listener's thread for subscribe",
        deadline = "the bridge's publish_timeout for publish, none for subscribe")
public interface BridgeTransport {
    /** The capability of plugins that provide a transport: bridges start after them and stop before them. */
    String CAPABILITY = "event-transport";

    /** Returns the key under which the plugin of that id shares its transport. */
    static ResourceKey<BridgeTransport> key(String plugin) {
        return ResourceKey.of(plugin + "." + CAPABILITY, BridgeTransport.class);
    }

    /**
     * Publishes messages to a channel, such as a topic of Kafka, and returns when the broker has acknowledged each of them or the
     * deadline has passed. No two of them have the same key, so they may be sent in any order. Messages that have a key go to the same
     * place for the same key.
     *
     * @return those that the broker has not acknowledged; it may have some of them nevertheless
     * @throws Exception if none was acknowledged
     */
    List<UnpublishedMessage> publish(String channel, List<BridgeMessage> messages, Deadline deadline) throws Exception;

    /**
     * Receives the messages of channels from now on. If the broker cannot be reached, it begins as soon as it can.
     *
     * @param receiver is called for each message, on a virtual thread: for at most {@link ChannelSubscription#concurrency} at a time,
     *     never for two of the same key at a time, and for those of a key in order. When it returns, the message is acknowledged. If it
     *     throws, the message is not, and is delivered again later
     * @return ends the deliveries: none begins after it has been closed
     * @throws Exception if the subscription is not possible, such as for the name of a channel
     */
    Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) throws Exception;

    /**
     * What a bridge receives. Immutable.
     *
     * @param group the name of the receivers that share the messages: each goes to one of them
     * @param channels the names of the channels
     * @param concurrency how many messages are handled at a time at most
     */
    record ChannelSubscription(String group, Set<String> channels, int concurrency) {
        /** Copies the set. */
        public ChannelSubscription {
            channels = Set.copyOf(channels);
        }
    }

    /** Receives messages of a transport. */
    @FunctionalInterface
    interface BridgeReceiver {
        /**
         * Handles a message, and returns when it may be acknowledged.
         *
         * @throws Exception if it must be delivered again
         */
        void receive(String channel, BridgeMessage message) throws Exception;
    }

    /**
     * A message that was not acknowledged. Immutable.
     *
     * @param message the message
     * @param cause why
     * @param isPermanent whether it would be refused again, for example because it is too large
     */
    record UnpublishedMessage(BridgeMessage message, Throwable cause, boolean isPermanent) {}
}
