package io.lynx.leadership.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a backend, on a thread of its own. If it exceeds its time, the receiver gets a failure, the thread is interrupted, and a
 * result that it still returns is passed on as late. Thread-safe.
 *
 * @param <T> the type of the result
 */
final class LeaseCall<T> {
    private static final int MOST_RUNNING = 4;

    private final CandidateSettings settings;
    private final Callable<T> work;
    private final Duration limit;
    private final Receiver<T> receiver;
    private final AtomicInteger running;
    private final long began;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    @GuardedBy("this")
    private @Nullable Thread worker;

    @GuardedBy("this")
    private boolean isDecided;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled alarm;

    /** Receives the result of a call. */
    interface Receiver<T> {
        /**
         * The call has returned.
         *
         * @param began when it was made, before anything was sent
         * @param isLate whether it was reported as failed before
         */
        void returned(T result, long began, boolean isLate);

        /** The call has failed, or has exceeded its time. */
        void failed(Throwable failure);
    }

    /**
     * Creates a call that has not begun.
     *
     * @param running counts the calls of the candidate that run, those that have exceeded their time included
     */
    LeaseCall(CandidateSettings settings, AtomicInteger running, Callable<T> work, Receiver<T> receiver) {
        this.settings = settings;
        this.running = running;
        this.limit = settings.config().lease().dividedBy(3);
        this.work = work;
        this.receiver = receiver;
        this.began = settings.ticker().nanos();
    }

    /** Completes when its receiver has been called. */
    CompletableFuture<@Nullable Void> over() {
        return over;
    }

    /** Makes the call; it fails at once if too many hang, so that a backend which never returns does not cost ever more threads. */
    void begin() {
        if (running.get() >= MOST_RUNNING) {
            fail(new IllegalStateException(running.get() + " earlier calls have not returned"));
            return;
        }
        try {
            Scheduler.Scheduled timer = settings.scheduler().after(limit, this::exceeded);
            synchronized (this) {
                alarm = timer;
            }
            settings.threads().newThread(this::run).start();
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            fail(stopped);
        }
    }

    private void run() {
        synchronized (this) {
            if (isDecided) {
                return;
            }
            worker = Thread.currentThread();
        }
        running.incrementAndGet();
        try {
            boolean _ = UserCode.run(
                    () -> returned(Objects.requireNonNull(work.call(), "the backend returned null")), this::fail);
        } finally {
            running.decrementAndGet();
            synchronized (this) {
                worker = null;
            }
        }
    }

    private void returned(T result) {
        boolean isLate = !decide();
        boolean _ = Thread.interrupted();
        try {
            receiver.returned(result, began, isLate);
        } finally {
            over.complete(null);
        }
    }

    /** The failure has the stack of the call, which shows where it hangs. */
    private void exceeded() {
        TimeoutException overdue = new TimeoutException("no answer within " + limit.toMillis() + "ms");
        synchronized (this) {
            if (isDecided) {
                return;
            }
            isDecided = true;
            if (worker != null) {
                overdue.setStackTrace(worker.getStackTrace());
                worker.interrupt();
            }
        }
        passOn(overdue);
    }

    private void fail(Throwable failure) {
        if (decide()) {
            passOn(failure);
        }
    }

    private void passOn(Throwable failure) {
        try {
            receiver.failed(failure);
        } finally {
            over.complete(null);
        }
    }

    /** Returns whether this is the first result of the call. */
    private boolean decide() {
        Scheduler.Scheduled timer;
        synchronized (this) {
            if (isDecided) {
                return false;
            }
            isDecided = true;
            timer = alarm;
            // What the receiver does on this thread is not to be interrupted.
            worker = null;
        }
        if (timer != null) {
            boolean _ = timer.cancel();
        }
        return true;
    }
}
