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
import org.jspecify.annotations.Nullable;

/**
 * One call of a backend, on a thread of its own. If it exceeds its time, the receiver gets a failure, the thread is interrupted, and a
 * result that it still returns is passed on as late. Thread-safe.
 *
 * @param <T> the type of the result
 */
final class LeaseCall<T> {
    private final CandidateSettings settings;
    private final Callable<T> work;
    private final Duration limit;
    private final Receiver<T> receiver;
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

    LeaseCall(CandidateSettings settings, Callable<T> work, Receiver<T> receiver) {
        this.settings = settings;
        this.limit = settings.config().lease().dividedBy(3);
        this.work = work;
        this.receiver = receiver;
        this.began = settings.ticker().nanos();
    }

    /** Completes when its receiver has been called. */
    CompletableFuture<@Nullable Void> over() {
        return over;
    }

    /** Makes the call. */
    void begin() {
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
        try {
            boolean _ = UserCode.run(
                    () -> returned(Objects.requireNonNull(work.call(), "the backend returned null")), this::fail);
        } finally {
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

    private void exceeded() {
        synchronized (this) {
            if (isDecided) {
                return;
            }
            isDecided = true;
            if (worker != null) {
                worker.interrupt();
            }
        }
        passOn(new TimeoutException("no answer within " + limit.toMillis() + "ms"));
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
