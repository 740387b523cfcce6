package io.lynx.event;

import io.lynx.extension.ExtensionPoint;

/** Receives the outcome of each delivery, for metrics. Counts need no observer: see {@link Events#snapshot}. */
@ExtensionPoint(thread = "the subscription's thread", deadline = "none")
public interface EventObserver {
    /**
     * A handler has processed an event.
     *
     * @param latencyNanos from the publishing of the event to the end of its handler
     */
    default void processed(Event<?> event, String subscription, long latencyNanos) {}

    /** An event has become a dead letter. */
    default void deadLettered(DeadLetter letter) {}
}
