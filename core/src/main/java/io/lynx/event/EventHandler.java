package io.lynx.event;

/**
 * Takes the events of a subscription with their headers, one at a time unless the subscription is concurrent.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface EventHandler<T> {
    /**
     * Handles one event, on the subscription's own virtual thread; it may block.
     *
     * @throws Exception if it failed: it is tried again as the subscription says, then the event is a dead letter
     */
    void handle(Event<? extends T> event) throws Exception;
}
