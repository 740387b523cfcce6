package io.lynx.health;

import io.lynx.extension.UserCode;
import io.lynx.health.HealthEvent.Outcome;
import io.lynx.time.Scheduler.Scheduled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a check, from the time it was due until its thread returns. Every method but {@link #execute} is called under the
 * lock of the {@link ScheduledCheck} that it belongs to.
 */
final class CheckRun {
    private static final int FRAMES_SHOWN = 8;

    private final long startedAt;
    private @Nullable Scheduled timeout;
    private @Nullable Thread thread;
    private boolean isGivenUp;
    private boolean isTimedOut;
    private boolean hasEnded;

    CheckRun(long startedAt) {
        this.startedAt = startedAt;
    }

    /**
     * The result of a run.
     *
     * @param thrown what the check threw; null if it returned
     */
    record Finding(Health health, Outcome outcome, @Nullable Throwable thrown) {
        /** Returns the finding for an exception, whose own methods may throw too. */
        static Finding of(Throwable thrown) {
            return new Finding(MaskedHealth.of(Health.down(thrown)), Outcome.EXCEPTION, thrown);
        }
    }

    /** Calls the check on the current thread. Whatever it throws or returns becomes a finding. */
    static Finding execute(HealthCheck check) {
        try {
            Health health = check.check();
            if (health == null) {
                return new Finding(
                        Health.down("the check returned null; it must return a Health"), Outcome.UNHEALTHY, null);
            }
            Outcome outcome = isFailure(health.status()) ? Outcome.UNHEALTHY : Outcome.HEALTHY;
            return new Finding(MaskedHealth.of(health), outcome, null);
        } catch (Throwable thrown) {
            return Finding.of(thrown);
        }
    }

    /** Returns whether a result of this status counts as a failure. */
    static boolean isFailure(HealthStatus status) {
        return switch (status) {
            case UP, DEGRADED -> false;
            case DOWN, OUT_OF_SERVICE, UNKNOWN -> true;
        };
    }

    long startedAt() {
        return startedAt;
    }

    void timeoutAt(@Nullable Scheduled scheduled) {
        timeout = scheduled;
    }

    /** Records the current thread as the one that runs the check; returns false if the run was abandoned already. */
    boolean begin() {
        if (isGivenUp) {
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** Records that the thread has returned from the check; returns whether its result still counts. */
    boolean end() {
        thread = null;
        // An interrupt that was meant for this run must not reach the thread's next task.
        boolean _ = Thread.interrupted();
        cancelTimeout();
        boolean counts = !isGivenUp && !hasEnded;
        hasEnded = true;
        return counts;
    }

    /** Interrupts the check; its result no longer counts. */
    void giveUp() {
        isGivenUp = true;
        cancelTimeout();
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
    }

    /** Returns whether the check has begun and has not returned. */
    boolean isExecuting() {
        return thread != null;
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    /** Returns whether the run exceeded its timeout. */
    boolean isTimedOut() {
        return isTimedOut;
    }

    /** Marks the run as one that exceeded {@code timeout}, and describes where its thread is. */
    Health timedOut(String timeoutText) {
        isTimedOut = true;
        Health result = Health.down("timeout after " + timeoutText);
        List<String> frames = frames();
        return frames.isEmpty() ? result : result.with("hangs_at", frames);
    }

    private List<String> frames() {
        if (thread == null) {
            return List.of();
        }
        return Arrays.stream(thread.getStackTrace())
                .limit(FRAMES_SHOWN)
                .map(StackTraceElement::toString)
                .toList();
    }

    /** Rethrows an error that only the root of a thread may handle, such as an OutOfMemoryError. */
    static void rethrowIfFatal(Finding finding) {
        if (finding.thrown() != null) {
            UserCode.rethrowIfFatal(finding.thrown());
        }
    }
}
