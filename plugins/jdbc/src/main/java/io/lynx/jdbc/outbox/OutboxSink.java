package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Where an outbox delivers its events. The thread of the relay alone calls it. */
interface OutboxSink {
    /** The outcome for one event. Immutable. */
    sealed interface SinkOutcome {
        /** It was delivered. */
        record Delivered() implements SinkOutcome {}

        /** It will never be delivered. */
        record Dead(String problem) implements SinkOutcome {}

        /**
         * It was not delivered, or something with the same key before it was not.
         *
         * @param isOwn whether it was tried itself
         * @param isGeneral whether the cause concerns all events, such as a broker that is down
         * @param isHandler whether a handler failed of itself, which counts as an attempt
         */
        record Retry(Throwable cause, boolean isOwn, boolean isGeneral, boolean isHandler) implements SinkOutcome {}
    }

    /** An event and what became of it. Immutable. */
    record Settled(OutboxRow row, SinkOutcome outcome) {}

    /** Returns whether it can begin to deliver an event now. */
    default boolean hasRoom(OutboxRow row) {
        return true;
    }

    /**
     * Delivers events; those of a key in their order, and none after one that was not delivered. It may return while some are under way,
     * and without having begun others.
     *
     * @return what {@link #ended} would return
     * @throws InterruptedException if interrupted while waiting
     */
    Collection<Settled> deliver(List<OutboxRow> rows) throws InterruptedException;

    /** Returns the events whose delivery has ended since the last call; from then on their keys are free again. */
    default Collection<Settled> ended() {
        return List.of();
    }

    /** Returns the keys of the events that are under way, or have ended but were not yet returned. */
    default Set<String> busyKeys() {
        return Set.of();
    }
}
