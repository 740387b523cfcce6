package io.lynx.container;

import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A coordinator must notice its deadlines even when every carrier of virtual threads is busy. So it waits for the earliest of them
 * itself, on its own platform thread. The scheduler only wakes it early: on manual time, real time does not pass.
 */

/**
 * The actions of one coordinator: what other threads post, and what becomes due. The thread that calls {@link #run} runs
 * them one after the other, so they need no lock.
 */
final class RunLoop {
    /** An action that becomes due. For the coordinator's thread only. */
    final class Alarm implements Comparable<Alarm> {
        private final long dueAt;
        private final Runnable action;
        private Scheduler.@Nullable Scheduled wake;

        private Alarm(long dueAt, Runnable action) {
            this.dueAt = dueAt;
            this.action = action;
        }

        void cancel() {
            alarms.remove(this);
            if (wake != null) {
                boolean _ = wake.cancel();
            }
        }

        @Override
        @SuppressWarnings("ComparableType") // Alarms are ordered among themselves only.
        public int compareTo(Alarm other) {
            return Long.signum(dueAt - other.dueAt);
        }
    }

    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Consumer<Throwable> onFailure;
    /** Bounded by its users: each of their attempts posts a constant number of actions. */
    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();

    /**
     * Creates a loop.
     *
     * @param onFailure receives what an action throws, on the coordinator's thread; the loop goes on
     */
    RunLoop(Ticker ticker, Scheduler scheduler, Consumer<Throwable> onFailure) {
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.onFailure = onFailure;
    }

    /** Lets the coordinator run {@code action} soon. May be called by any thread at any time. */
    void post(Runnable action) {
        posted.add(action);
    }

    /** Lets the coordinator run {@code action} after {@code delay}. */
    Alarm after(Duration delay, Runnable action) {
        Alarm alarm = new Alarm(ticker.nanos() + Math.max(0, delay.toNanos()), action);
        alarms.add(alarm);
        try {
            alarm.wake = scheduler.after(delay, () -> post(() -> {}));
        } catch (RejectedExecutionException closed) {
            alarm.wake = null; // The wait below is enough on real time, and a closed scheduler has no manual time.
        }
        return alarm;
    }

    /**
     * Runs actions until {@code isDone}, which is evaluated after each of them. Neither interrupts nor actions that throw end it.
     *
     * @param onInterrupt runs at the first interrupt of the coordinator
     * @param afterEach runs after each action
     */
    void run(BooleanSupplier isDone, Runnable onInterrupt, Runnable afterEach) {
        boolean interrupted = false;
        while (!isDone.getAsBoolean()) {
            try {
                Runnable next = next();
                if (next != null) {
                    guarded(next);
                }
            } catch (InterruptedException kept) {
                if (!interrupted) {
                    guarded(onInterrupt);
                }
                interrupted = true;
            }
            guarded(afterEach);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs what has been posted by now. */
    void runPosted() {
        for (Runnable next = posted.poll(); next != null; next = posted.poll()) {
            guarded(next);
        }
    }

    private void guarded(Runnable action) {
        boolean _ = UserCode.run(action::run, onFailure);
    }

    /** Results that have arrived come before deadlines that have passed. */
    private @Nullable Runnable next() throws InterruptedException {
        Runnable next = posted.poll();
        if (next != null) {
            return next;
        }
        Alarm first = alarms.peek();
        if (first == null) {
            return posted.take();
        }
        long wait = first.dueAt - ticker.nanos();
        if (wait > 0) {
            return posted.poll(wait, TimeUnit.NANOSECONDS);
        }
        first.cancel();
        return first.action;
    }
}
