package io.lynx.event;

/**
 * Takes the payloads of a subscription, one at a time unless the subscription is concurrent.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface Handler<T> {
    /**
     * Handles one payload, on the subscription's own virtual thread; it may block.
     *
     * @throws Exception if it failed: it is tried again as the subscription says, then the event is a dead letter
     */
    void handle(T payload) throws Exception;
}
