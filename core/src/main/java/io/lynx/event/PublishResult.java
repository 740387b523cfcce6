package io.lynx.event;

/** What became of an event that was published. Immutable. */
public sealed interface PublishResult {
    /** Whether every subscriber that wants the event has it in its queue. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /** Every subscriber that wants the event has it in its queue; there may be none. */
    record Accepted() implements PublishResult {
        static final Accepted INSTANCE = new Accepted();
    }

    /**
     * At least one subscriber did not get it; the others did.
     *
     * @param reason why the first of them did not
     * @param subscribers how many did not; zero if the bus took no event at all
     */
    record Dropped(DropReason reason, int subscribers) implements PublishResult {}
}
