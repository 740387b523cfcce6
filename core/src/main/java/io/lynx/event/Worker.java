package io.lynx.event;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that takes the events of one subscription to its handler. It is the root of that thread, so what a handler
 * throws ends here: as a retry, a dead letter, or both.
 *
 * <p>Without work it parks, and costs nothing until a publisher wakes it. After a busy stretch it looks around for some
 * microseconds first: under load, parking and waking cost more than the events do.
 */
final class Worker implements Runnable {
    private static final int BUSY = 16;
    private static final int SPINS = 200;
    // Each look takes the line of the tail away from the publisher, who is about to need it again.
    private static final int LOOK_EVERY = 16;

    private final QueuedSubscription subscription;
    private final EventRing<Event<?>> ring;
    private final EventHandler<Event<?>> handler;
    private final CountDownLatch running;
    private final Thread thread;
    private final PaddedLong processed = new PaddedLong();
    private final PaddedLong deadLettered = new PaddedLong();
    private final AtomicBoolean asleep = new AtomicBoolean();
    // For whoever closes; a release is enough, as the closer compares it with the account.
    private final AtomicReference<@Nullable Event<?>> inHand = new AtomicReference<>();

    Worker(QueuedSubscription subscription, EventHandler<Event<?>> handler, CountDownLatch running) {
        this.subscription = subscription;
        this.ring = subscription.ring;
        this.handler = handler;
        this.running = running;
        this.thread = subscription.bus.newThread(subscription.name(), this);
    }

    void start() {
        thread.start();
    }

    boolean runsOn(Thread other) {
        return thread.equals(other);
    }

    long processed() {
        return processed.get();
    }

    long deadLettered() {
        return deadLettered.get();
    }

    void collect(List<Event<?>> into) {
        Event<?> event = inHand.getAcquire();
        if (event != null) {
            into.add(event);
        }
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Wakes it if it sleeps and nobody else has; tells whether that was so. */
    boolean wake() {
        if (!asleep.get() || !asleep.compareAndSet(true, false)) {
            return false;
        }
        subscription.sleepers.getAndAdd(-1);
        LockSupport.unpark(thread);
        return true;
    }

    @Override
    public void run() {
        try {
            int streak = 0;
            while (true) {
                QueuedSubscription.Mode mode = subscription.mode();
                if (mode == QueuedSubscription.Mode.CLOSED) {
                    return;
                }
                Event<?> event = mode == QueuedSubscription.Mode.PAUSED ? null : ring.poll();
                if (event != null) {
                    inHand.setRelease(event);
                    subscription.room.signal();
                    deliver(event);
                    inHand.setRelease(null);
                    streak++;
                } else if (mode == QueuedSubscription.Mode.DRAINING && ring.isEmpty()) {
                    return;
                } else {
                    idle(streak >= BUSY ? SPINS : 0);
                    streak = 0;
                }
            }
        } finally {
            running.countDown();
        }
    }

    private void idle(int spins) {
        for (int i = 0; i < spins; i++) {
            if (i % LOOK_EVERY == LOOK_EVERY - 1 && hasWork()) {
                return;
            }
            Thread.onSpinWait();
        }
        asleep.set(true);
        subscription.sleepers.getAndAdd(1);
        while (asleep.get() && !hasWork()) {
            LockSupport.park(subscription);
            // A stray interrupt would turn the parking into a busy loop.
            Thread.interrupted();
        }
        if (asleep.compareAndSet(true, false)) {
            subscription.sleepers.getAndAdd(-1);
        }
    }

    private boolean hasWork() {
        return switch (subscription.mode()) {
            case RUNNING -> !ring.isEmpty();
            case PAUSED -> false;
            case DRAINING, CLOSED -> true;
        };
    }

    private void deliver(Event<?> event) {
        Throwable failure = attempt(event);
        for (int attempt = 1; failure != null; attempt++) {
            if (isCutShort(failure)) {
                subscription.drop(event, DropReason.UNDELIVERED);
                return;
            }
            if (failure instanceof Error
                    || attempt > subscription.options.retry().times()) {
                bury(event, attempt, failure);
                return;
            }
            Throwable reason = failure;
            int number = attempt;
            subscription.retried.increment();
            subscription.bus.observing(observer -> observer.retrying(event, subscription.name(), number, reason));
            if (!rest(attempt)) {
                subscription.drop(event, DropReason.UNDELIVERED);
                return;
            }
            failure = attempt(event);
        }
        event.channel.processed.incrementByWorker();
        processed.bump();
        subscription.bus.observeProcessed(event, subscription.name());
    }

    private @Nullable Throwable attempt(Event<?> event) {
        try {
            handler.handle(event);
            return null;
        } catch (Throwable failure) {
            return failure;
        } finally {
            // What a handler does to its interrupt flag is its own affair, and not the next one's.
            Thread.interrupted();
        }
    }

    private boolean isCutShort(Throwable failure) {
        return failure instanceof InterruptedException && subscription.mode() == QueuedSubscription.Mode.CLOSED;
    }

    private void bury(Event<?> event, int attempts, Throwable failure) {
        // Stored before it is counted: who sees the count finds the letter.
        subscription.bus.bury(event, subscription.name(), attempts, failure);
        event.channel.deadLettered.increment();
        deadLettered.bump();
        if (failure instanceof VirtualMachineError) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    /** Waits before the next attempt; false if the subscription was closed meanwhile. */
    private boolean rest(int attempt) {
        Bus bus = subscription.bus;
        Duration pause = subscription.options.retry().pause(attempt, bus.random());
        Ticker ticker = bus.clock().ticker;
        long start = ticker.nanos();
        Scheduler.@Nullable Scheduled alarm = alarm(bus.scheduler(), pause);
        while (subscription.mode() != QueuedSubscription.Mode.CLOSED) {
            long left = pause.toNanos() - (ticker.nanos() - start);
            if (left <= 0) {
                return true;
            }
            if (alarm == null) {
                LockSupport.parkNanos(subscription, left);
            } else {
                LockSupport.park(subscription);
            }
            Thread.interrupted();
        }
        if (alarm != null) {
            alarm.cancel();
        }
        return false;
    }

    private Scheduler.@Nullable Scheduled alarm(Scheduler scheduler, Duration pause) {
        try {
            return scheduler.after(pause, this::unpark);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }
}
