package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.util.List;
import java.util.Set;

/**
 * Combines the statuses of checks into one. The worst counts, in the order UP, DEGRADED, UNKNOWN, OUT_OF_SERVICE, DOWN; the
 * criticality of a check limits what it contributes.
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

    /**
     * Returns the status of one plugin: the worst of its enabled checks. The check named for its id is the plugin itself and
     * counts in full. UP if all of its checks are disabled, UNKNOWN if it has none.
     */
    static HealthStatus ofPlugin(List<CheckReport> checks, String plugin) {
        HealthStatus worst = HealthStatus.UP;
        boolean any = false;
        for (CheckReport check : checks) {
            if (check.plugin().equals(plugin)) {
                any = true;
                if (check.enabled()) {
                    worst = worse(worst, check.name().equals(plugin) ? check.status() : contribution(check));
                }
            }
        }
        return any ? worst : HealthStatus.UNKNOWN;
    }

    /** Returns whether readiness waits for the first result of this check, because it could make the instance not ready. */
    static boolean isAwaitedByReadiness(CheckReport check) {
        return check.enabled()
                && isAwaited(check)
                && check.criticality() == Criticality.CRITICAL
                && !check.groups().equals(LIVENESS_ALONE);
    }

    /** Returns whether the check has had no result yet and may still have one in time. */
    static boolean isAwaited(CheckReport check) {
        return check.isPending() && !check.stale();
    }

    /** Returns what the check contributes to the probes that it is part of and to the overall health. */
    static HealthStatus contribution(CheckReport check) {
        if (isAwaited(check)) {
            return isAwaitedByReadiness(check) ? HealthStatus.UNKNOWN : HealthStatus.UP;
        }
        return switch (check.criticality()) {
            case CRITICAL -> check.status();
            case DEGRADING -> check.status() == HealthStatus.UP ? HealthStatus.UP : HealthStatus.DEGRADED;
            case INFO -> HealthStatus.UP;
        };
    }

    /** Returns the worse of two statuses. */
    static HealthStatus worse(HealthStatus left, HealthStatus right) {
        return rank(left) >= rank(right) ? left : right;
    }

    /** Returns the index in {@link #WORST_LAST}. */
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
