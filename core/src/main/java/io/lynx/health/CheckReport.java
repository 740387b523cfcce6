package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one check stands in a {@link HealthSnapshot}. Immutable.
 *
 * @param name its name, unique in an application
 * @param plugin the plugin that it belongs to
 * @param groups the probes that it is part of
 * @param criticality what its failure does to the whole
 * @param enabled whether it runs and counts
 * @param status what it counts as: thresholds and staleness applied
 * @param last what the last run found, thresholds not applied; null before the first
 * @param checkedAt when that was found, by the wall clock; null before the first
 * @param duration how long that run took, or had taken when it was given up
 * @param consecutiveFailures results in a row that were failures
 * @param consecutiveSuccesses results in a row that were successes
 * @param hanging whether a run that was given up still holds its thread
 * @param stale whether the last result, or the wait for the first, is too old to say anything
 */
public record CheckReport(
        String name,
        String plugin,
        Set<Group> groups,
        Criticality criticality,
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

    /** Whether it still waits for its first result. */
    public boolean isPending() {
        return last == null;
    }

    /** Whether the whole waits for its first result: until that comes, nobody knows how the whole is. */
    public boolean isAwaited() {
        return Aggregation.isAwaitedByAll(this);
    }

    /** What is wrong, in one line: why the last result says nothing any more, or what it said; null if nothing is. */
    public @Nullable String error() {
        if (stale) {
            return last == null ? "no result yet" : "no new result since " + checkedAt;
        }
        return last == null ? null : last.error();
    }

    /** What the last run told besides; for operators only. */
    public Map<String, Object> data() {
        return last == null ? Map.of() : last.data();
    }

    /** The same once its result is too old. */
    CheckReport expired() {
        return new CheckReport(
                name,
                plugin,
                groups,
                criticality,
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
