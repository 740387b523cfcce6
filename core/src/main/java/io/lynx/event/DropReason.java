package io.lynx.event;

import java.util.Locale;

/** Why a subscription did not receive an event. */
public enum DropReason {
    /** The queue was full and the overflow policy does not wait, or the subscription's own handler was publishing. */
    NO_ROOM,
    /** The queue was full and stayed so for as long as the publisher may wait. */
    TIMED_OUT,
    /** The publisher was interrupted while it waited for room. */
    INTERRUPTED,
    /** It was queued and made room for a more recent event. */
    DISPLACED,
    /** The subscription's filter threw an exception. */
    FILTER_FAILED,
    /** The subscription or the whole bus was closed before the event was published. */
    CLOSED,
    /** It was queued or waiting for a redelivery when the subscription closed. */
    UNDELIVERED,
    /** The bus has the largest number of topics, and this was a new one. */
    TOO_MANY_TOPICS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the name as a metric's label, such as {@code timed_out}. */
    public String label() {
        return label;
    }

    /** Returns whether the event was never in the queue. */
    boolean isBeforeQueue() {
        return this != DISPLACED && this != UNDELIVERED;
    }
}
