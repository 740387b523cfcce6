package io.lynx.event;

import io.lynx.extension.ExtensionPoint;

/**
 * A handler of the payloads of a topic, or of the events that match a {@link TopicFilter}. It is called for one at a time, unless
 * the subscription is concurrent.
 *
 * @param <T> the payload's type, or {@link Event}
 */
@FunctionalInterface
@ExtensionPoint(
        thread = "the subscription's own virtual thread",
        deadline = "none; the queue's overflow policy applies, and after 30 s a line names it")
public interface EventHandler<T> {
    /**
     * Handles one payload or event; it may block.
     *
     * @throws Exception if handling failed; the event is then redelivered according to the subscription's options, and becomes a
     *     dead letter after the last attempt
     */
    void handle(T delivered) throws Exception;
}
