package io.lynx.event;

import java.util.Locale;

/** Why a subscriber did not get an event. */
public enum DropReason {
    /** The queue was full and the subscriber's policy does not wait, or the publisher was that subscriber itself. */
    NO_ROOM,
    /** The queue was full and stayed so for as long as the publisher may wait. */
    TIMED_OUT,
    /** The publisher was interrupted while it waited for room. */
    INTERRUPTED,
    /** It was queued, and gave way to a newer event. */
    DISPLACED,
    /** The subscriber's filter threw an exception. */
    FILTER_FAILED,
    /** The subscription, or the whole bus, was closed before the event was published. */
    CLOSED,
    /** It was queued or being retried when the subscription closed. */
    UNDELIVERED,
    /** The bus has as many topics as it may have, and this was a new one. */
    TOO_MANY_TOPICS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name as a metric's label, such as {@code timed_out}. */
    public String label() {
        return label;
    }

    /** Whether the event never was in the queue. */
    boolean atTheDoor() {
        return switch (this) {
            case NO_ROOM, TIMED_OUT, INTERRUPTED, FILTER_FAILED, CLOSED, TOO_MANY_TOPICS -> true;
            case DISPLACED, UNDELIVERED -> false;
        };
    }
}
