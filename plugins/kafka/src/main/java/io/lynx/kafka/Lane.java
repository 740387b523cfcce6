package io.lynx.kafka;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Records of a partition that are handled one after the other. Everything is guarded by the lock of the partition. */
final class Lane {
    private final PartitionWork partition;
    private final ArrayDeque<RecordDelivery> queue = new ArrayDeque<>();
    /** Whether a worker has it, or it waits for one, or for the end of a pause. */
    boolean isScheduled;

    Lane(PartitionWork partition) {
        this.partition = partition;
    }

    PartitionWork partition() {
        return partition;
    }

    void add(RecordDelivery delivery) {
        queue.addLast(delivery);
    }

    @Nullable
    RecordDelivery head() {
        return queue.peekFirst();
    }

    void removeHead() {
        RecordDelivery _ = queue.removeFirst();
    }

    void clear() {
        queue.clear();
    }
}
