package io.lynx.health;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The results of one check so far, and the status that follows from them. The first result decides at once; from then on the
 * thresholds count consecutive results. Not thread-safe; guarded by the lock of its {@link ScheduledCheck}.
 */
final class CheckResults {
    private HealthStatus status = HealthStatus.UNKNOWN;
    private @Nullable Health last;
    private @Nullable Instant checkedAt;
    private Duration duration = Duration.ZERO;
    private int failures;
    private int successes;

    /** Counts a result. */
    void add(Health result, Duration took, Instant at, CheckPlan plan) {
        boolean failed = CheckRun.isFailure(result.status());
        failures = failed ? failures + 1 : 0;
        successes = failed ? 0 : successes + 1;
        if (last == null || isConfirmed(plan) || failed == CheckRun.isFailure(status)) {
            status = result.status();
        }
        last = result;
        duration = took;
        checkedAt = at;
    }

    /** Returns whether the last results are as many consecutive failures, or successes, as the threshold asks for. */
    boolean isConfirmed(CheckPlan plan) {
        return failures > 0 ? failures >= plan.failureThreshold() : successes >= plan.successThreshold();
    }

    /** Returns whether the check is healthy, or has had no result yet; other checks run more often. */
    boolean isHealthy() {
        return last == null || (failures == 0 && !CheckRun.isFailure(status));
    }

    Duration duration() {
        return duration;
    }

    CheckReport report(String name, String plugin, boolean isInternal, CheckPlan plan, boolean isHanging) {
        return new CheckReport(
                name,
                plugin,
                plan.groups(),
                plan.criticality(),
                isInternal,
                plan.enabled(),
                status,
                last,
                checkedAt,
                duration,
                failures,
                successes,
                isHanging,
                false);
    }
}
