package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.util.List;
import java.util.Set;

/**
 * Makes one status of many. The worst counts, in the order UP, DEGRADED, UNKNOWN, OUT_OF_SERVICE, DOWN; criticality says
 * how much of a check's own status gets through.
 */
final class Aggregation {
    /** From best to worst. */
    static final List<HealthStatus> WORST_LAST = List.of(
            HealthStatus.UP,
            HealthStatus.DEGRADED,
            HealthStatus.UNKNOWN,
            HealthStatus.OUT_OF_SERVICE,
            HealthStatus.DOWN);

    private static final Set<Group> LIVENESS_ALONE = Set.of(Group.LIVENESS);

    private Aggregation() {}

    /** The status of one plugin: the check that bears its id is the plugin itself, so its status counts in full. */
    static HealthStatus ofPlugin(List<CheckReport> checks, String plugin) {
        HealthStatus worst = HealthStatus.UP;
        boolean any = false;
        for (CheckReport check : checks) {
            if (check.plugin().equals(plugin) && check.enabled()) {
                any = true;
                worst = worse(worst, check.name().equals(plugin) ? check.status() : contribution(check));
            }
        }
        return any ? worst : HealthStatus.UNKNOWN;
    }

    /** Whether the whole waits for this check's first result: until that comes, nobody knows how the whole is. */
    static boolean isAwaitedByAll(CheckReport check) {
        return check.enabled()
                && isAwaited(check)
                && check.criticality() == Criticality.CRITICAL
                && !check.groups().equals(LIVENESS_ALONE);
    }

    /** Whether its first result is still to come. */
    static boolean isAwaited(CheckReport check) {
        return check.isPending() && !check.stale();
    }

    /** How much of its own status gets through to what it is a part of. */
    static HealthStatus contribution(CheckReport check) {
        if (isAwaited(check)) {
            return isAwaitedByAll(check) ? HealthStatus.UNKNOWN : HealthStatus.UP;
        }
        return switch (check.criticality()) {
            case CRITICAL -> check.status();
            case DEGRADING -> check.status() == HealthStatus.UP ? HealthStatus.UP : HealthStatus.DEGRADED;
            case INFO -> HealthStatus.UP;
        };
    }

    /** The worse of two. */
    static HealthStatus worse(HealthStatus left, HealthStatus right) {
        return rank(left) >= rank(right) ? left : right;
    }

    /** The place in {@link #WORST_LAST}. */
    static int rank(HealthStatus status) {
        return switch (status) {
            case UP -> 0;
            case DEGRADED -> 1;
            case UNKNOWN -> 2;
            case OUT_OF_SERVICE -> 3;
            case DOWN -> 4;
        };
    }
}
