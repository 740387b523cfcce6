package io.lynx.event;

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
}
