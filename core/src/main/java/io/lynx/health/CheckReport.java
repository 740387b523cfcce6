package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one check in a {@link HealthSnapshot}. Immutable. Texts and data that came from the check are masked.
 *
 * @param name its name, unique in an application
 * @param plugin the plugin that it belongs to
 * @param groups the probes that it is part of
 * @param criticality the effect of a failure
 * @param isInternal whether it depends on nothing outside this process and its node
 * @param enabled whether it runs and counts
 * @param status its status after thresholds and staleness
 * @param last the result of the last run, thresholds not applied; null before the first
 * @param checkedAt the wall-clock time of that result; null before the first
 * @param duration how long that run took, or its timeout if it exceeded it
 * @param consecutiveFailures number of failures since the last success
 * @param consecutiveSuccesses number of successes since the last failure
 * @param hanging whether a run that exceeded its timeout still holds its thread
 * @param stale whether the last result, or the wait for the first, is too old to count
 */
public record CheckReport(
        String name,
        String plugin,
        Set<Group> groups,
        Criticality criticality,
        boolean isInternal,
        boolean enabled,
        HealthStatus status,
        @Nullable Health last,
        @Nullable Instant checkedAt,
        Duration duration,
        int consecutiveFailures,
        int consecutiveSuccesses,
        boolean hanging,
        boolean stale) {

    /** Copies the groups. */
    public CheckReport {
        groups = Set.copyOf(groups);
    }

    /** Returns whether it has had no result yet. */
    public boolean isPending() {
        return last == null;
    }

    /** Returns whether readiness waits for its first result, because it could make the instance not ready. */
    public boolean isAwaited() {
        return Aggregation.isAwaitedByReadiness(this);
    }

    /** Returns the problem in one line: that results are missing, or the error of the last one; null if there is none. */
    public @Nullable String error() {
        if (stale) {
            return last == null ? "no result yet" : "no new result since " + checkedAt;
        }
        return last == null ? null : last.error();
    }

    /** Returns the details of the last result; for operators only. */
    public Map<String, Object> data() {
        return last == null ? Map.of() : last.data();
    }

    /** Returns the report of the same check once its result is too old. */
    CheckReport expired() {
        return new CheckReport(
                name,
                plugin,
                groups,
                criticality,
                isInternal,
                enabled,
                HealthStatus.UNKNOWN,
                last,
                checkedAt,
                duration,
                consecutiveFailures,
                consecutiveSuccesses,
                hanging,
                true);
    }
}
