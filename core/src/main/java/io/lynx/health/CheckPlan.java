package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSettings.CheckSettings;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one check is run in the end: the operator's word for it, else its own options, else the settings of all.
 *
 * @param enabled whether it runs and counts
 * @param interval from start to start
 * @param timeout for one run
 * @param failureThreshold consecutive failures before it counts as failed
 * @param successThreshold consecutive successes before it counts as well again
 * @param criticality what a failure does to the whole
 * @param groups the probes that it is part of
 */
record CheckPlan(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        Criticality criticality,
        Set<Group> groups) {

    /**
     * Puts together what is said of a check.
     *
     * @throws IllegalArgumentException if it would be in liveness without being internal; the message begins with
     *     {@code subject}
     */
    static CheckPlan of(String subject, String name, HealthCheckOptions options, HealthSettings settings) {
        CheckSettings operators = settings.checks().getOrDefault(name, CheckSettings.UNSAID);
        Set<Group> groups = first(operators.groups(), null, options.groups());
        if (groups.contains(Group.LIVENESS) && !options.isInternal()) {
            throw new IllegalArgumentException(
                    subject
                            + "; liveness is for checks of the process alone, as a restart cures nothing outside it: use READINESS, or say internal()");
        }
        return new CheckPlan(
                settings.enabled() && !Boolean.FALSE.equals(operators.enabled()),
                first(operators.interval(), options.interval(), settings.interval()),
                first(operators.timeout(), options.timeout(), settings.timeout()),
                first(operators.failureThreshold(), options.failureThreshold(), settings.failureThreshold()),
                first(operators.successThreshold(), options.successThreshold(), settings.successThreshold()),
                first(operators.criticality(), null, options.criticality()),
                groups);
    }

    CheckPlan enabled(boolean byHand) {
        return new CheckPlan(byHand, interval, timeout, failureThreshold, successThreshold, criticality, groups);
    }

    private static <T> T first(@Nullable T operators, @Nullable T authors, T general) {
        return operators != null ? operators : authors != null ? authors : general;
    }

    /** The age at which a result says nothing any more: two runs should have come since. */
    Duration staleAfter() {
        return interval.multipliedBy(2).plus(timeout);
    }
}
