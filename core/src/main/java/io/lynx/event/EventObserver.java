package io.lynx.event;

/**
 * Sees what happens to events as it happens; for metrics and logs. Called on the publisher's or the subscription's
 * thread, outside locks, so it must be quick; what it throws is logged and ignored. Counts need no observer: see
 * {@link Events#snapshot}. Without one, latencies are not even measured.
 */
public interface EventObserver {
    /**
     * A handler is done with an event.
     *
     * @param latencyNanos from the publishing of the event to the end of its handler
     */
    default void processed(Event<?> event, String subscription, long latencyNanos) {}

    /** A handler has failed, and gets the event again. {@code attempt} counts from 1. */
    default void retrying(Event<?> event, String subscription, int attempt, Throwable failure) {}

    /** A handler has failed for good. */
    default void deadLettered(DeadLetter letter) {}

    /** A subscriber does not get an event. */
    default void dropped(Event<?> event, String subscription, DropReason reason) {}
}
