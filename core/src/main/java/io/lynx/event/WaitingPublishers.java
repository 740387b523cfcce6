package io.lynx.event;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The publishers that wait for room in one queue, first come first woken, those of critical events before the others.
 * Thread-safe.
 *
 * <p>A publisher enters, looks at the queue once more and only then parks; the consumer takes an element and then looks
 * for waiters. Either the publisher sees the room or the consumer sees the publisher. One place wakes one publisher; a
 * publisher that was woken and leaves without having used the place wakes the next one.
 */
final class WaitingPublishers {
    private final Queue<Waiter> urgent = new ConcurrentLinkedQueue<>();
    private final Queue<Waiter> ordinary = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** A publisher that waits. */
    final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final Queue<Waiter> line;
        private final AtomicBoolean listed = new AtomicBoolean(true);

        private Waiter(Queue<Waiter> line) {
            this.line = line;
        }

        /**
         * Leaves the line.
         *
         * @param served whether it found room; if it did not, its turn passes on
         */
        void leave(boolean served) {
            if (listed.compareAndSet(true, false)) {
                waiting.decrementAndGet();
                line.remove(this);
            } else if (!served) {
                signal();
            }
        }

        private boolean wake() {
            if (!listed.compareAndSet(true, false)) {
                return false;
            }
            waiting.decrementAndGet();
            LockSupport.unpark(thread);
            return true;
        }
    }

    Waiter enter(boolean critical) {
        Queue<Waiter> line = critical ? urgent : ordinary;
        Waiter waiter = new Waiter(line);
        line.add(waiter);
        waiting.incrementAndGet();
        return waiter;
    }

    int waiting() {
        return waiting.get();
    }

    /** Wakes one publisher, if any waits. Called after each element taken, so the usual answer costs one read. */
    void signal() {
        if (waiting.get() != 0) {
            wakeOne();
        }
    }

    /** Wakes all of them, to see that the queue is closed. */
    void signalAll() {
        while (wakeOne()) {
            Thread.onSpinWait();
        }
    }

    private boolean wakeOne() {
        return wakeFirst(urgent) || wakeFirst(ordinary);
    }

    private static boolean wakeFirst(Queue<Waiter> line) {
        @Nullable Waiter waiter = line.poll();
        while (waiter != null && !waiter.wake()) {
            waiter = line.poll();
        }
        return waiter != null;
    }
}
