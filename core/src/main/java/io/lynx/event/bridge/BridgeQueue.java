package io.lynx.event.bridge;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events that wait to be sent, and the account of all that were accepted. Always: {@code accepted = acknowledged + dead-lettered +
 * lost + undelivered + queued + in progress}. Thread-safe.
 */
final class BridgeQueue {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<BridgeMessage> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long accepted;

    @GuardedBy("lock")
    private long acknowledged;

    @GuardedBy("lock")
    private long deadLettered;

    @GuardedBy("lock")
    private long lost;

    @GuardedBy("lock")
    private long undelivered;

    @GuardedBy("lock")
    private int inProgress;

    @GuardedBy("lock")
    private boolean isClosed;

    /** What is acknowledged after that counts as undelivered: it was reported so. */
    @GuardedBy("lock")
    private boolean isAbandoned;

    /** The account at one moment. Immutable. */
    record ForwardAccount(
            long accepted,
            long acknowledged,
            long deadLettered,
            long lost,
            long undelivered,
            int queued,
            int inProgress) {}

    BridgeQueue(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Queues a message, and waits for room.
     *
     * @throws InterruptedException if interrupted while waiting; then it is not queued
     * @throws IllegalStateException if the queue is closed
     */
    void put(BridgeMessage message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.size() >= capacity && !isClosed) {
                changed.await();
            }
            if (isClosed) {
                throw new IllegalStateException("event " + message + ": the bridge is closed");
            }
            waiting.addLast(message);
            accepted++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes up to {@code most} messages, and waits for the first; none once the queue is closed and empty. */
    List<BridgeMessage> take(int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !isClosed) {
                changed.await();
            }
            List<BridgeMessage> batch = new ArrayList<>();
            while (batch.size() < most && !waiting.isEmpty()) {
                batch.add(waiting.removeFirst());
            }
            inProgress += batch.size();
            changed.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    void acknowledged(int count) {
        lock.lock();
        try {
            if (!isAbandoned) {
                acknowledged += count;
                inProgress -= count;
            }
        } finally {
            lock.unlock();
        }
    }

    void deadLettered() {
        lock.lock();
        try {
            if (!isAbandoned) {
                deadLettered++;
                inProgress--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a message in progress that neither its channel nor that of dead letters accepts. */
    void lost() {
        lock.lock();
        try {
            if (!isAbandoned) {
                lost++;
                inProgress--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no further messages; those that wait can still be taken. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what is queued or in progress, and returns how many that is. */
    long abandon() {
        lock.lock();
        try {
            isClosed = true;
            isAbandoned = true;
            long left = waiting.size() + (long) inProgress;
            undelivered += left;
            waiting.clear();
            inProgress = 0;
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    ForwardAccount account() {
        lock.lock();
        try {
            return new ForwardAccount(
                    accepted, acknowledged, deadLettered, lost, undelivered, waiting.size(), inProgress);
        } finally {
            lock.unlock();
        }
    }
}
