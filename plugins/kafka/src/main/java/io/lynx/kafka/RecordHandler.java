package io.lynx.kafka;

import io.lynx.extension.ExtensionPoint;

/**
 * Handles the records of a consumer. Each record is handled at least once: again after a failure, a crash or a rebalance. A handler must
 * therefore have the same effect if it receives a record twice, for example by storing {@link ReceivedRecord#id} in the transaction that
 * stores its effect. Must be thread-safe.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
@ExtensionPoint(thread = "a virtual thread of the plugin that added it", deadline = "consumers.<name>.handler_timeout")
public interface RecordHandler<T> {
    /**
     * Handles a record. Its offset is committed after it has returned.
     *
     * @throws RejectedRecordException if the record can never be handled; it goes to the dead-letter topic at once
     * @throws Exception if it fails; the record is handled again after a pause, and goes to the dead-letter topic in the end. A failure of
     *     an external system, such as a database that cannot be reached, is retried until the system is back
     */
    void handle(ReceivedRecord<T> record) throws Exception;
}
