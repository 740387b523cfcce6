package io.lynx.health;

import io.lynx.extension.Notifier;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds the current snapshot and publishes its changes. Thread-safe and lock-free.
 *
 * <p>The thread that raises {@link #signals} from zero publishes for all threads that signal meanwhile, until none is
 * left. Changes are therefore published one at a time and in order, without a lock and without a queue. A change and
 * its reversal within one delivery cancel out.
 */
final class SnapshotPublisher {
    private final Ticker ticker;
    private final Notifier<HealthEvent> notifier;
    private final AtomicReference<HealthSnapshot> current = new AtomicReference<>(HealthSnapshot.empty());
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger signals = new AtomicInteger();
    /** Written by the publishing thread alone; {@link #signals} orders the accesses. */
    private HealthSnapshot published = HealthSnapshot.empty();

    private volatile boolean isFrozen;

    SnapshotPublisher(Ticker ticker, Notifier<HealthEvent> notifier) {
        this.ticker = ticker;
        this.notifier = notifier;
    }

    /** Returns the current snapshot. Allocates nothing unless a result has just become too old. */
    HealthSnapshot snapshot() {
        HealthSnapshot seen = Objects.requireNonNull(current.get());
        if (isFrozen) {
            return seen;
        }
        HealthSnapshot judged = seen.judged(ticker.nanos());
        if (judged != seen) {
            // Kept for the next read; if it fails, another thread has published a more recent snapshot.
            boolean _ = current.compareAndSet(seen, judged);
        }
        return judged;
    }

    /** Makes the current snapshot final: results no longer become too old, and waits for first results end. */
    void freeze() {
        isFrozen = true;
        waiting.forEach(LockSupport::unpark);
    }

    /** Adds or replaces a report; does not publish events, since the caller may hold a lock. */
    void put(CheckReport report, long staleAt) {
        long now = ticker.nanos();
        current.updateAndGet(seen -> seen.with(report, staleAt).judged(now));
        waiting.forEach(LockSupport::unpark);
    }

    /** Removes a report; does not publish events, since the caller may hold a lock. */
    void remove(String name) {
        current.updateAndGet(seen -> seen.without(name));
        waiting.forEach(LockSupport::unpark);
    }

    void enter(HealthSnapshot.Phase phase) {
        current.updateAndGet(seen -> seen.in(phase));
        publishChanges();
    }

    /**
     * Waits until every check that readiness waits for has had its first result.
     *
     * @param alarms ends the wait at the deadline
     * @return whether that happened before the deadline
     */
    boolean awaitFirstResults(Deadline deadline, Scheduler alarms) throws InterruptedException {
        if (!snapshot().isPending() || deadline.isExpired()) {
            return !snapshot().isPending();
        }
        Thread caller = Thread.currentThread();
        Scheduler.Scheduled alarm;
        try {
            alarm = alarms.after(deadline.remaining(), () -> LockSupport.unpark(caller));
        } catch (RejectedExecutionException closed) {
            return false;
        }
        waiting.add(caller);
        try {
            while (snapshot().isPending()) {
                if (isFrozen || deadline.isExpired()) {
                    return false;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.park(this);
            }
            return true;
        } finally {
            waiting.remove(caller);
            boolean _ = alarm.cancel();
        }
    }

    void publish(HealthEvent.CheckRan ran) {
        notifier.publish(ran);
        publishChanges();
    }

    /** Publishes the differences from the last published snapshot. */
    void publishChanges() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        boolean isDone = false;
        try {
            publishSignalled();
            isDone = true;
        } finally {
            if (!isDone) {
                signals.set(0); // A class that cannot be loaded now must not keep later changes back.
            }
        }
    }

    private void publishSignalled() {
        int handled = 1;
        do {
            HealthSnapshot now = snapshot();
            HealthSnapshot before = published;
            published = now;
            if (now != before) {
                publishDifferences(before, now);
            }
            handled = signals.addAndGet(-handled);
        } while (handled != 0);
    }

    private void publishDifferences(HealthSnapshot before, HealthSnapshot now) {
        now.changesSince(before, (check, from) -> notifier.publish(new HealthEvent.CheckChanged(check, from)));
        for (Group group : Group.values()) {
            if (before.status(group) != now.status(group)) {
                notifier.publish(new HealthEvent.StatusChanged(group, before.status(group), now.status(group)));
            }
        }
        if (before.overall() != now.overall()) {
            notifier.publish(new HealthEvent.StatusChanged(null, before.overall(), now.overall()));
        }
    }
}
