package io.lynx.redis;

import io.lynx.extension.ExtensionPoint;

/** Receives the messages of a subscription, one at a time. An exception is logged, and the next message is handled. */
@FunctionalInterface
@ExtensionPoint(thread = "a virtual thread of the subscription", deadline = "none")
public interface MessageHandler {
    /**
     * Handles a message.
     *
     * @param channel the channel, without the prefix of keys
     * @throws Exception if it fails
     */
    void handle(String channel, String message) throws Exception;
}
