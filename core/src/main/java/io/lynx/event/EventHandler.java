package io.lynx.event;

import io.lynx.extension.ExtensionPoint;

/**
 * Receives what a subscription delivers, one at a time unless the subscription is concurrent: the payloads of a topic, or the
 * events that match a {@link TopicFilter}.
 *
 * @param <T> the payload's type, or {@link Event}
 */
@FunctionalInterface
@ExtensionPoint(
        thread = "the subscription's own virtual thread",
        deadline = "none; the queue's overflow policy applies")
public interface EventHandler<T> {
    /**
     * Handles one payload or event; it may block.
     *
     * @throws Exception if it failed: the event is redelivered as the subscription's policy says, then it becomes a dead letter
     */
    void handle(T delivered) throws Exception;
}
