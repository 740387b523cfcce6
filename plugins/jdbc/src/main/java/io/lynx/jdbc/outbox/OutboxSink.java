package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.List;
import java.util.Map;

/** Where an outbox delivers its events. Thread-safe. */
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

    /**
     * Delivers events; those of a key in their order, and none after one that was not delivered.
     *
     * @return the outcome of each, by {@code seq}
     * @throws InterruptedException if interrupted while waiting; then nothing counts as delivered
     */
    Map<Long, SinkOutcome> deliver(List<OutboxRow> rows) throws InterruptedException;
}
