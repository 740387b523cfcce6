package io.lynx.recovery.run;

import io.lynx.recovery.ErrorSeverity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What errors, checks and recoveries say about the health of one component. All times are readings of the engine's clock.
 * Thread-safe.
 */
final class ComponentHealth {
    static final long NEVER = Long.MIN_VALUE / 2;
    private static final long COARSE_NANOS = 50_000_000;

    private final Set<String> failingChecks = ConcurrentHashMap.newKeySet();
    private volatile long lastError = NEVER;
    private volatile long lastCritical = NEVER;
    private volatile long criticalHealed = NEVER;
    private volatile long degradedAt = NEVER;
    private volatile long failedAt = NEVER;

    /** Notes an error. */
    void seen(ErrorSeverity severity, long now) {
        if (now - lastError > COARSE_NANOS) {
            lastError = now;
        }
        if (severity == ErrorSeverity.CRITICAL) {
            lastCritical = now;
        }
    }

    /** Notes a check that fails. */
    void checkFailed(String check) {
        boolean _ = failingChecks.add(check);
    }

    /** Notes a check that passes; returns whether it failed before. */
    boolean checkHealed(String check) {
        boolean failed = failingChecks.remove(check);
        if (failed && failingChecks.isEmpty()) {
            failedAt = NEVER;
        }
        return failed;
    }

    /** Notes a verified recovery. */
    void recovered(boolean isCritical, long now) {
        degradedAt = NEVER;
        failedAt = NEVER;
        if (isCritical) {
            criticalHealed = now;
        }
    }

    /** Notes that it works with less. */
    void degraded(boolean isCritical, long now) {
        degradedAt = now;
        failedAt = NEVER;
        if (isCritical) {
            criticalHealed = now;
        }
    }

    /** Notes a recovery that did not help. */
    void failed(long now) {
        failedAt = now;
    }

    /** Returns whether nothing has to be remembered: no check fails, and there was no error within the window. */
    boolean isForgettable(long now, long windowNanos) {
        return now - lastError > windowNanos && now - lastCritical > windowNanos && failingChecks.isEmpty();
    }

    /** Returns whether there was a critical error within the window, and no recovery since. */
    boolean hasUnrecoveredCritical(long now, long windowNanos) {
        long last = lastCritical;
        return last > criticalHealed && now - last < windowNanos;
    }

    /** Returns whether a fallback took over, and the last error is less than a window ago. */
    boolean isDegraded(long now, long windowNanos) {
        return isSince(degradedAt, now, windowNanos);
    }

    /** Returns whether the last recovery did not help, and the last error is less than a window ago. */
    boolean hasFailed(long now, long windowNanos) {
        return isSince(failedAt, now, windowNanos);
    }

    private boolean isSince(long since, long now, long windowNanos) {
        return since != NEVER && now - Math.max(since, lastError) < windowNanos;
    }
}
