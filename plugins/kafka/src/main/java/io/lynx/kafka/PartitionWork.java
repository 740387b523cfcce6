package io.lynx.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/*
 * Records arrive in the order of their offsets and wait in `outstanding` until they and all before them are done: what follows the last of
 * those is the offset that may be committed. Each record also waits in a lane, of which one worker at a time takes records: the only lane
 * of the partition if its order is kept, or one of several, chosen by the key.
 *
 * When the partition moves to another consumer, the work is closed: what no worker has begun is forgotten, and no worker begins anything
 * more. `idle` completes when the last worker has let go of it.
 */

/** The records of an assigned partition that have arrived and are not committed. Thread-safe. */
final class PartitionWork {
    private final TopicPartition partition;
    private final Lane[] lanes;
    private final int most;
    private final long mostBytes;
    private final CompletableFuture<@Nullable Void> idle = new CompletableFuture<>();

    @GuardedBy("this")
    private final ArrayDeque<RecordDelivery> outstanding = new ArrayDeque<>();

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private int running;

    @GuardedBy("this")
    private boolean isPaused;

    @GuardedBy("this")
    private boolean isClosed;

    @GuardedBy("this")
    private long committable = -1;

    @GuardedBy("this")
    private long committed = -1;

    /**
     * Creates the work of a partition that nothing has arrived of.
     *
     * @param lanes how many records may be handled at the same time
     * @param most records wait before the partition is to be paused
     * @param mostBytes wait before the partition is to be paused
     */
    PartitionWork(TopicPartition partition, int lanes, int most, long mostBytes) {
        this.partition = partition;
        this.lanes = new Lane[lanes];
        for (int i = 0; i < lanes; i++) {
            this.lanes[i] = new Lane(this);
        }
        this.most = most;
        this.mostBytes = mostBytes;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Adds records, and returns the lanes that need a worker now. */
    synchronized List<Lane> add(List<ConsumerRecord<byte[], byte[]>> records) {
        if (isClosed) {
            return List.of();
        }
        List<Lane> waking = new ArrayList<>(Math.min(records.size(), lanes.length));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            RecordDelivery delivery = new RecordDelivery(record);
            outstanding.addLast(delivery);
            bytes += delivery.size();
            Lane lane = lanes[lane(record)];
            lane.add(delivery);
            if (!lane.isScheduled) {
                lane.isScheduled = true;
                waking.add(lane);
            }
        }
        return waking;
    }

    @SuppressWarnings("NullAway") // A record without a key has null in its place; it may be handled beside any other.
    private int lane(ConsumerRecord<byte[], byte[]> record) {
        if (lanes.length == 1) {
            return 0;
        }
        byte[] key = record.key();
        return Math.floorMod(key == null ? Long.hashCode(record.offset()) : Arrays.hashCode(key), lanes.length);
    }

    /** Gives a lane to a worker. Returns the record to handle; null if there is none, and the lane is not the worker's then. */
    synchronized @Nullable RecordDelivery begin(Lane lane) {
        RecordDelivery head = isClosed ? null : lane.head();
        if (head == null) {
            lane.isScheduled = false;
        } else {
            running++;
        }
        return head;
    }

    /**
     * Notes that a worker has handled the first record of its lane.
     *
     * @return the next record; null if there is none, and the lane is not the worker's any more then
     */
    synchronized @Nullable RecordDelivery done(Lane lane, RecordDelivery delivery) {
        delivery.isDone = true;
        for (RecordDelivery first = outstanding.peekFirst();
                first != null && first.isDone;
                first = outstanding.peekFirst()) {
            committable = first.record().offset() + 1;
            bytes -= first.size();
            RecordDelivery _ = outstanding.removeFirst();
        }
        if (!isClosed) {
            lane.removeHead();
            RecordDelivery next = lane.head();
            if (next != null) {
                return next;
            }
        }
        lane.isScheduled = false;
        release();
        return null;
    }

    /** Notes that a worker lets go of a lane that has records. Returns whether the lane still needs a worker, now or later. */
    synchronized boolean leave(Lane lane) {
        release();
        if (isClosed) {
            lane.isScheduled = false;
        }
        return !isClosed;
    }

    @GuardedBy("this")
    private void release() {
        running--;
        if (isClosed && running == 0) {
            boolean _ = idle.complete(null);
        }
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** Forgets the records that no worker has begun to handle, and lets no other begin. */
    synchronized void close() {
        isClosed = true;
        for (Lane lane : lanes) {
            lane.clear();
        }
        if (running == 0) {
            boolean _ = idle.complete(null);
        }
    }

    /** Completes after {@link #close} when no handler runs any more. */
    CompletableFuture<@Nullable Void> idle() {
        return idle;
    }

    /** Returns the records whose handlers run now. */
    synchronized List<RecordDelivery> running() {
        return outstanding.stream().filter(RecordDelivery::isRunning).toList();
    }

    /** Returns whether the partition should be paused or not, if that has changed since the last call; null if it has not. */
    synchronized @Nullable Boolean pauseChange() {
        if (!isPaused && (outstanding.size() >= most || bytes >= mostBytes)) {
            isPaused = true;
            return Boolean.TRUE;
        }
        if (isPaused && isDrained()) {
            isPaused = false;
            return Boolean.FALSE;
        }
        return null;
    }

    @GuardedBy("this")
    private boolean isDrained() {
        return outstanding.size() <= most / 2 && bytes <= mostBytes / 2;
    }

    /** Returns whether the partition is paused and need not be any more. */
    synchronized boolean wantsToResume() {
        return isPaused && isDrained();
    }

    synchronized boolean isPaused() {
        return isPaused;
    }

    /** Returns the number of records that have arrived and are not done. */
    synchronized int waiting() {
        return outstanding.size();
    }

    /** Returns the offset to commit; negative if there is nothing new. It is smaller than before if the topic was created again. */
    synchronized long due() {
        return committable == committed ? -1 : committable;
    }

    /** Notes that an offset is committed. */
    synchronized void committed(long offset) {
        committed = offset;
    }
}
