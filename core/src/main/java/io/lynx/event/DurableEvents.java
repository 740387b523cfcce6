package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import io.lynx.extension.ExtensionPoint;

/**
 * Keeps the events of {@linkplain Topic#durable durable} topics, such as in the outbox of a database. It delivers them later through
 * {@link EventBuses#receive} or a bridge. Must be thread-safe.
 */
@FunctionalInterface
@ExtensionPoint(thread = "the publisher's thread, inside its transaction", deadline = "none: it delays the publisher")
public interface DurableEvents {
    /**
     * Writes an event in the transaction that the calling thread is in.
     *
     * @return whether it did: false if the thread is in no transaction that it knows
     * @throws RuntimeException if the event could not be written; the transaction should then be rolled back
     */
    <T> boolean write(Topic<T> topic, T payload, EventHeaders headers);
}
