package io.lynx.event;

import io.lynx.event.PublishResult.DropReason;
import io.lynx.time.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounded first-in first-out queue of one subscription: a deque and a lock. Thread-safe.
 *
 * <p>Threads that wait are parked without the lock, and each is unparked once, after the lock has been released. With the
 * conditions of a {@code ReentrantLock}, a woken worker would queue for the lock while publishers overtake it, and each of them
 * would unpark it again: a system call for each event.
 */
final class SubscriberQueue {
    private enum Mode {
        RUNNING,
        PAUSED,
        DRAINING,
        CLOSED
    }

    /** A thread that waits: a worker for an event, or a publisher for room. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final boolean isCritical;
        private volatile boolean woken;

        Waiter(boolean isCritical) {
            this.isCritical = isCritical;
        }

        void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    private final int capacity;
    private final int open;
    private final BargingLock lock = new BargingLock();

    // All of these are guarded by lock; the mode is also read without it.
    private final Deque<Event<?>> events = new ArrayDeque<>();
    private final Deque<Waiter> workers = new ArrayDeque<>();
    private final Deque<Waiter> publishers = new ArrayDeque<>();
    private long accepted;
    private volatile Mode mode;

    SubscriberQueue(int capacity, int reserve, boolean paused) {
        this.capacity = capacity;
        this.open = capacity - reserve;
        this.mode = paused ? Mode.PAUSED : Mode.RUNNING;
    }

    /**
     * Queues an event.
     *
     * @param deadline until when to wait for room; null not to wait
     * @param displaced receives each event that makes room, after the offer and without the lock; null if none may
     * @return null if the event is queued, otherwise the reason why not
     */
    @Nullable
    DropReason offer(Event<?> event, @Nullable Deadline deadline, @Nullable Consumer<Event<?>> displaced) {
        List<Event<?>> removed = List.of();
        Waiter worker = null;
        DropReason refused;
        lock.lock();
        try {
            if (displaced != null && !isClosed() && !hasRoom(event.isCritical())) {
                removed = makeRoom(event.isCritical());
            }
            refused = claimPlace(event.isCritical(), deadline);
            if (refused == null) {
                events.addLast(event);
                accepted++;
                worker = mode == Mode.PAUSED ? null : workers.pollFirst();
            }
        } finally {
            lock.unlock();
        }
        if (worker != null) {
            worker.wake();
        }
        if (displaced != null && !removed.isEmpty()) {
            removed.forEach(displaced);
        }
        return refused;
    }

    // Guarded by lock. Returns the oldest events, removed until there is room; a critical one stays unless for another.
    private List<Event<?>> makeRoom(boolean isCritical) {
        List<Event<?>> removed = new ArrayList<>(1);
        while (!hasRoom(isCritical) && (isCritical || !events.getFirst().isCritical())) {
            removed.add(events.removeFirst());
        }
        return removed;
    }

    // Guarded by lock, which it releases while it waits.
    private @Nullable DropReason claimPlace(boolean isCritical, @Nullable Deadline deadline) {
        boolean interrupted = false;
        while (!isClosed()) {
            if (hasRoom(isCritical)) {
                return null;
            }
            if (deadline == null) {
                return DropReason.NO_ROOM;
            } else if (interrupted) {
                return DropReason.INTERRUPTED;
            } else if (deadline.isExpired()) {
                return DropReason.TIMED_OUT;
            } else {
                interrupted = awaitRoom(isCritical, deadline);
            }
        }
        return DropReason.CLOSED;
    }

    // Guarded by lock, which it releases while it waits. Returns whether the thread was interrupted.
    private boolean awaitRoom(boolean isCritical, Deadline deadline) {
        Waiter waiter = new Waiter(isCritical);
        publishers.addLast(waiter);
        lock.unlock();
        boolean interrupted = false;
        while (!waiter.woken && !interrupted && !deadline.isExpired()) {
            LockSupport.parkNanos(this, deadline.remainingNanos());
            interrupted = Thread.currentThread().isInterrupted();
        }
        lock.lock();
        publishers.remove(waiter);
        return interrupted;
    }

    // Guarded by lock.
    private boolean hasRoom(boolean isCritical) {
        return events.size() < (isCritical ? capacity : open);
    }

    /** Takes the oldest event and waits for one if there is none; null once the workers have to end. */
    @Nullable
    Event<?> take() {
        Event<?> event = poll();
        while (event == null) {
            Waiter waiter = new Waiter(false);
            boolean end = lock.locked(() -> {
                boolean isDelivering = mode == Mode.RUNNING || mode == Mode.DRAINING;
                if (isDelivering && !events.isEmpty()) {
                    waiter.woken = true;
                } else if (!isClosed()) {
                    workers.addLast(waiter);
                }
                return isClosed() && !waiter.woken;
            });
            if (end) {
                return null;
            }
            while (!waiter.woken) {
                LockSupport.park(this);
                boolean _ = Thread.interrupted();
            }
            event = poll();
        }
        return event;
    }

    /** Takes the oldest event; null if there is none, or none may be taken. */
    @Nullable
    Event<?> poll() {
        Event<?> event = null;
        Waiter publisher = null;
        lock.lock();
        try {
            if (mode == Mode.RUNNING || mode == Mode.DRAINING) {
                event = events.pollFirst();
                publisher = event == null || publishers.isEmpty() ? null : nextPublisher();
            }
        } finally {
            lock.unlock();
        }
        if (publisher != null) {
            publisher.wake();
        }
        return event;
    }

    // Guarded by lock.
    private @Nullable Waiter nextPublisher() {
        for (Waiter publisher : publishers) {
            if (hasRoom(publisher.isCritical)) {
                publishers.remove(publisher);
                return publisher;
            }
        }
        return null;
    }

    /** Begins or ends a pause; no effect once the queue is closed. */
    void pause(boolean pausing) {
        Mode _ = lock.locked(() -> change(isClosed() ? mode : pausing ? Mode.PAUSED : Mode.RUNNING));
    }

    /** Accepts no further events; the workers end once the queue is empty, or at once if it is paused. */
    void drain() {
        Mode _ = lock.locked(() -> change(mode == Mode.RUNNING || mode == Mode.DRAINING ? Mode.DRAINING : Mode.CLOSED));
    }

    /** Ends the workers and returns what is queued, each event to one caller. */
    List<Event<?>> close() {
        return lock.locked(() -> {
            Mode _ = change(Mode.CLOSED);
            List<Event<?>> left = List.copyOf(events);
            events.clear();
            return left;
        });
    }

    // Guarded by lock.
    private Mode change(Mode to) {
        mode = to;
        wakeAll(workers);
        if (isClosed()) {
            wakeAll(publishers);
        }
        return to;
    }

    private static void wakeAll(Deque<Waiter> waiters) {
        waiters.forEach(Waiter::wake);
        waiters.clear();
    }

    private boolean isClosed() {
        return mode == Mode.DRAINING || mode == Mode.CLOSED;
    }

    /** Returns whether the workers have to end, whatever is queued. */
    boolean hasEnded() {
        return mode == Mode.CLOSED;
    }

    /** Returns how many publishers wait for room. */
    int waiting() {
        return lock.locked(publishers::size);
    }

    int capacity() {
        return capacity;
    }

    /** Returns how many events were ever queued, and how many still are. */
    Counts counts() {
        return lock.locked(() -> new Counts(accepted, events.size()));
    }

    /** The queue's part of the account at one moment. */
    record Counts(long accepted, int queued) {}
}
