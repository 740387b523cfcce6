package io.lynx.event;

import java.util.Locale;

/** The result of publishing an event. Immutable. */
public sealed interface PublishResult {
    /** Returns whether every matching subscription has the event in its queue. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /** Every matching subscription has the event in its queue; there may be none. */
    record Accepted() implements PublishResult {
        static final Accepted INSTANCE = new Accepted();
    }

    /**
     * At least one subscription did not receive the event; the others did.
     *
     * @param reason why the first of them did not
     * @param subscribers how many did not; zero if the bus accepts no event at all
     */
    record Dropped(DropReason reason, int subscribers) implements PublishResult {}

    /** Why a subscription did not receive an event. */
    enum DropReason {
        /** The queue was full and the overflow policy does not wait, or the subscription's own handler was publishing. */
        NO_ROOM,
        /** The queue was full until the publisher's timeout. */
        TIMED_OUT,
        /** The publisher was interrupted while it waited for room. */
        INTERRUPTED,
        /** The event was queued and made room for a more recent one. */
        DISPLACED,
        /** The subscription's filter threw an exception. */
        FILTER_FAILED,
        /** The subscription or the whole bus was closed before the event was published. */
        CLOSED,
        /** The event was queued, or waited for a redelivery, when the subscription closed. */
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
}
