package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The number of checks that contribute each status to each probe and to the overall health. Snapshots read their answers from
 * it, so that a change of one check costs the same whatever the number of checks. Immutable.
 */
final class StatusCounts {
    static final StatusCounts EMPTY =
            new StatusCounts(new int[(Group.values().length + 1) * Aggregation.WORST_LAST.size()], 0);

    private static final List<Group> GROUPS = List.of(Group.values());
    private static final int STATUSES = Aggregation.WORST_LAST.size();
    private static final int OVERALL = GROUPS.size();

    /** For each probe, and then for the overall health, one count for each status from best to worst. */
    private final int[] counts;

    private final int awaited;

    private StatusCounts(int[] counts, int awaited) {
        this.counts = counts;
        this.awaited = awaited;
    }

    /** Counts {@code checks}. */
    static StatusCounts of(CheckReport[] checks) {
        int[] counts = new int[EMPTY.counts.length];
        int awaited = 0;
        for (CheckReport check : checks) {
            awaited += count(counts, check, 1);
        }
        return new StatusCounts(counts, awaited);
    }

    /** Returns the counts without the check {@code gone} and with the check {@code come}; either may be null. */
    StatusCounts change(@Nullable CheckReport gone, @Nullable CheckReport come) {
        int[] changed = counts.clone();
        int changedAwaited = awaited;
        if (gone != null) {
            changedAwaited += count(changed, gone, -1);
        }
        if (come != null) {
            changedAwaited += count(changed, come, 1);
        }
        return new StatusCounts(changed, changedAwaited);
    }

    /** Adds or removes a check; returns by how much the number of awaited checks changes. */
    private static int count(int[] counts, CheckReport check, int by) {
        if (!check.enabled()) {
            return 0;
        }
        int rank = Aggregation.rank(Aggregation.contribution(check));
        counts[OVERALL * STATUSES + rank] += by;
        for (Group group : check.groups()) {
            // A missing first result must not fail liveness, which would restart a process that is only starting.
            if (group != Group.LIVENESS || !Aggregation.isAwaited(check)) {
                counts[GROUPS.indexOf(group) * STATUSES + rank] += by;
            }
        }
        return Aggregation.isAwaitedByReadiness(check) ? by : 0;
    }

    /** Returns the worst status in {@code group}; UP if it has no checks. */
    HealthStatus worst(Group group) {
        return worst(GROUPS.indexOf(group));
    }

    /** Returns the worst status of all checks; UP if there are none. */
    HealthStatus worst() {
        return worst(OVERALL);
    }

    private HealthStatus worst(int row) {
        for (int rank = STATUSES - 1; rank > 0; rank--) {
            if (counts[row * STATUSES + rank] > 0) {
                return Aggregation.WORST_LAST.get(rank);
            }
        }
        return HealthStatus.UP;
    }

    /** Returns whether a check that readiness waits for has had no result yet. */
    boolean isAwaiting() {
        return awaited > 0;
    }
}
