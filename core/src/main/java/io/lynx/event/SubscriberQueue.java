package io.lynx.event;

import io.lynx.time.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounded first-in first-out queue of one subscription. Thread-safe.
 *
 * <h2>Design</h2>
 *
 * A lock guards a deque. A single worker does not take the lock for each event: it moves up to {@value #BATCH} events into its
 * batch, and then claims them one by one by incrementing {@code cursor}. Events of the batch that are not claimed still count as
 * queued. Pausing, closing and displacing take them back under the lock by moving {@code cursor} to the batch's end, so each event
 * is either claimed by the worker or taken back. Several workers, and
 * a queue whose oldest event makes room, have no batch: one event is taken at a time.
 *
 * <p>After a full batch, a worker that finds the queue empty spins for some microseconds before it waits: under load, waiting and
 * waking cost more than the events do.
 */
final class SubscriberQueue {
    private static final int BATCH = 256;
    private static final int BUSY = 16;
    private static final int SPINS = 200;

    private enum Mode {
        RUNNING,
        PAUSED,
        DRAINING,
        CLOSED
    }

    private final int capacity;
    private final int open;
    private final BargingLock lock = new BargingLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition criticalRoom = lock.newCondition();

    // Guarded by lock.
    private final Deque<Event<?>> events = new ArrayDeque<>();

    // Guarded by lock.
    private long accepted;

    // Guarded by lock.
    private int idle;

    // Written under the lock. The worker reads its own batch, and whether publishers wait, without it.
    private final @Nullable Event<?>[] batch;
    private final AtomicInteger cursor = new AtomicInteger();
    private int filled;
    private volatile int waiting;
    private volatile Mode mode;

    SubscriberQueue(int capacity, int reserve, boolean batching, boolean paused) {
        this.capacity = capacity;
        this.open = capacity - reserve;
        this.batch = new Event<?>[batching ? Math.min(BATCH, capacity) : 0];
        this.mode = paused ? Mode.PAUSED : Mode.RUNNING;
    }

    /**
     * Queues an event.
     *
     * @param deadline until when to wait for room; null not to wait
     * @param displaced receives, under the lock, each event that makes room; null if none may
     * @return null if the event is queued, otherwise the reason why not
     */
    @Nullable
    DropReason offer(Event<?> event, @Nullable Deadline deadline, @Nullable Consumer<Event<?>> displaced) {
        lock.lock();
        try {
            DropReason refused = mode == Mode.RUNNING && hasRoom(event) ? null : claimPlace(event, deadline, displaced);
            if (refused == null) {
                events.addLast(event);
                accepted++;
                if (idle > 0 && mode != Mode.PAUSED) {
                    work.signal();
                }
            }
            return refused;
        } finally {
            lock.unlock();
        }
    }

    // Guarded by lock.
    private @Nullable DropReason claimPlace(
            Event<?> event, @Nullable Deadline deadline, @Nullable Consumer<Event<?>> displaced) {
        while (!isClosed()) {
            if (hasRoom(event)) {
                return null;
            }
            if (displaced != null) {
                takeBack();
                if (!event.isCritical() && events.getFirst().isCritical()) {
                    return DropReason.NO_ROOM;
                }
                displaced.accept(events.removeFirst());
            } else if (deadline == null) {
                return DropReason.NO_ROOM;
            } else if (deadline.isExpired()) {
                return DropReason.TIMED_OUT;
            } else if (!awaitRoom(event, deadline)) {
                return DropReason.INTERRUPTED;
            }
        }
        return DropReason.CLOSED;
    }

    // Guarded by lock.
    @SuppressWarnings({"NonAtomicVolatileUpdate", "WaitNotInLoop"}) // Only written under the lock; the caller loops.
    private boolean awaitRoom(Event<?> event, Deadline deadline) {
        waiting++;
        try {
            long _ = (event.isCritical() ? criticalRoom : room).awaitNanos(deadline.remainingNanos());
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            // The signal for this thread may have been lost with the interrupt.
            signalRoom();
            return false;
        } finally {
            waiting--;
        }
    }

    // Guarded by lock.
    private boolean hasRoom(Event<?> event) {
        int places = event.isCritical() ? capacity : open;
        return events.size() + batch.length < places || size() < places;
    }

    // Guarded by lock.
    private int size() {
        return events.size() + Math.max(0, filled - cursor.get());
    }

    private void signalRoom() {
        lock.lock();
        try {
            if (lock.hasWaiters(criticalRoom)) {
                criticalRoom.signal();
            } else if (size() < open) {
                room.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest event and waits for one if there is none; null once the workers have to end. */
    @Nullable
    Event<?> take() {
        Event<?> event = poll();
        if (event == null && filled >= BUSY) {
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
        }
        while (event == null) {
            lock.lock();
            try {
                if (mode == Mode.CLOSED || (mode == Mode.DRAINING && events.isEmpty())) {
                    return null;
                }
                if (mode == Mode.PAUSED || events.isEmpty()) {
                    idle++;
                    work.awaitUninterruptibly();
                    idle--;
                }
            } finally {
                lock.unlock();
            }
            event = poll();
        }
        return event;
    }

    /** Takes the oldest event; null if there is none, or none may be taken. For the workers only. */
    @Nullable
    Event<?> poll() {
        Event<?> event = claimed();
        if (event == null) {
            lock.lock();
            try {
                if (mode == Mode.RUNNING || mode == Mode.DRAINING) {
                    fill();
                    event = batch.length == 0 ? events.pollFirst() : claimed();
                }
            } finally {
                lock.unlock();
            }
        }
        if (event != null && waiting != 0) {
            signalRoom();
        }
        return event;
    }

    private @Nullable Event<?> claimed() {
        int claim = cursor.get() < filled ? cursor.getAndIncrement() : filled;
        if (claim >= filled) {
            return null;
        }
        Event<?> event = batch[claim];
        batch[claim] = null;
        return event;
    }

    // Guarded by lock.
    private void fill() {
        int count = Math.min(batch.length, events.size());
        if (count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            batch[i] = events.pollFirst();
        }
        filled = count;
        cursor.set(0);
    }

    // Guarded by lock.
    private void takeBack() {
        int first = cursor.getAndSet(batch.length);
        for (int i = filled - 1; i >= first; i--) {
            Event<?> event = batch[i];
            batch[i] = null;
            if (event != null) {
                events.addFirst(event);
            }
        }
    }

    void pause() {
        switchMode(Mode.RUNNING, Mode.PAUSED);
    }

    void resume() {
        switchMode(Mode.PAUSED, Mode.RUNNING);
    }

    private void switchMode(Mode from, Mode to) {
        lock.lock();
        try {
            if (mode == from) {
                mode = to;
                takeBack();
                work.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; the workers end once the queue is empty, at once if it is paused. */
    void drain() {
        lock.lock();
        try {
            if (!isClosed()) {
                mode = mode == Mode.PAUSED ? Mode.CLOSED : Mode.DRAINING;
            }
            signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the workers and returns what is queued, each event to one caller. */
    List<Event<?>> close() {
        lock.lock();
        try {
            mode = Mode.CLOSED;
            takeBack();
            List<Event<?>> left = new ArrayList<>(events);
            events.clear();
            signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    // Guarded by lock.
    private void signalAll() {
        work.signalAll();
        room.signalAll();
        criticalRoom.signalAll();
    }

    private boolean isClosed() {
        return mode == Mode.DRAINING || mode == Mode.CLOSED;
    }

    /** Returns whether {@link #close} was called. */
    boolean hasEnded() {
        return mode == Mode.CLOSED;
    }

    /** Returns how many publishers wait for room. */
    int waiting() {
        return waiting;
    }

    int capacity() {
        return capacity;
    }

    /** Returns how many events were ever queued, and how many still are. */
    Counts counts() {
        lock.lock();
        try {
            return new Counts(accepted, size());
        } finally {
            lock.unlock();
        }
    }

    /** The queue's part of the account at one moment. */
    record Counts(long accepted, int queued) {}
}
