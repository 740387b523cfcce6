package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many checks contribute which status to each probe and to the whole: what a snapshot's answers are read from, and what
 * makes the change of one check cost the same however many there are. Immutable.
 */
final class Tally {
    static final Tally EMPTY = new Tally(new int[(Group.values().length + 1) * Aggregation.WORST_LAST.size()], 0);

    private static final List<Group> GROUPS = List.of(Group.values());
    private static final int STATUSES = Aggregation.WORST_LAST.size();
    private static final int WHOLE = GROUPS.size();

    /** For each probe, and then for the whole, one count for each status from best to worst. */
    private final int[] counts;

    private final int awaited;

    private Tally(int[] counts, int awaited) {
        this.counts = counts;
        this.awaited = awaited;
    }

    /** That of {@code checks}. */
    static Tally of(CheckReport[] checks) {
        int[] counts = new int[EMPTY.counts.length];
        int awaited = 0;
        for (CheckReport check : checks) {
            awaited += count(counts, check, 1);
        }
        return new Tally(counts, awaited);
    }

    /** This one with a check that goes and one that comes, each of which may be missing. */
    Tally change(@Nullable CheckReport gone, @Nullable CheckReport come) {
        int[] changed = counts.clone();
        int changedAwaited = awaited;
        if (gone != null) {
            changedAwaited += count(changed, gone, -1);
        }
        if (come != null) {
            changedAwaited += count(changed, come, 1);
        }
        return new Tally(changed, changedAwaited);
    }

    /** Counts a check in or out; gives by how much the number of awaited ones changes. */
    private static int count(int[] counts, CheckReport check, int by) {
        if (!check.enabled()) {
            return 0;
        }
        int rank = Aggregation.rank(Aggregation.contribution(check));
        counts[WHOLE * STATUSES + rank] += by;
        for (Group group : check.groups()) {
            // A process lives until something shows that it does not: a result only about to come is no sign.
            if (group != Group.LIVENESS || !Aggregation.isAwaited(check)) {
                counts[GROUPS.indexOf(group) * STATUSES + rank] += by;
            }
        }
        return Aggregation.isAwaitedByAll(check) ? by : 0;
    }

    /** The worst of those in {@code group}; UP if there are none. */
    HealthStatus worst(Group group) {
        return worst(GROUPS.indexOf(group));
    }

    /** The worst of all; UP if there are none. */
    HealthStatus worst() {
        return worst(WHOLE);
    }

    private HealthStatus worst(int row) {
        for (int rank = STATUSES - 1; rank > 0; rank--) {
            if (counts[row * STATUSES + rank] > 0) {
                return Aggregation.WORST_LAST.get(rank);
            }
        }
        return HealthStatus.UP;
    }

    /** Whether a check that the whole waits for has had no result yet. */
    boolean isAwaiting() {
        return awaited > 0;
    }
}
