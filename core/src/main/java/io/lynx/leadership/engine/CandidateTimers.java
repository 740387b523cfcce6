package io.lynx.leadership.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The timers of a candidate: one for its next call, and one for the end of its term. Thread-safe. */
final class CandidateTimers {
    private final Scheduler scheduler;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled call;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled expiry;

    @GuardedBy("this")
    private boolean isClosed;

    CandidateTimers(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Makes the next call after {@code delay}. Has no effect after the close. */
    synchronized void callAfter(Duration delay, Runnable task) {
        if (!isClosed) {
            call = after(delay, task);
        }
    }

    /** Runs {@code task} when the time of the term may be over. */
    synchronized void expireAfter(Duration delay, Runnable task) {
        if (!isClosed) {
            expiry = after(delay, task);
        }
    }

    private Scheduler.@Nullable Scheduled after(Duration delay, Runnable task) {
        try {
            return scheduler.after(delay.isNegative() ? Duration.ZERO : delay, task);
        } catch (RejectedExecutionException stopped) {
            // The application has stopped.
            return null;
        }
    }

    /** Cancels what waits. */
    synchronized void cancel() {
        if (call != null) {
            boolean _ = call.cancel();
        }
        if (expiry != null) {
            boolean _ = expiry.cancel();
        }
    }

    /** Cancels what waits, and accepts no more. */
    synchronized void close() {
        isClosed = true;
        cancel();
    }
}
