package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import java.time.Duration;
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
 */
record CheckPlan(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        Criticality criticality) {

    static CheckPlan of(String name, HealthCheckOptions options, HealthSettings settings) {
        HealthSettings.CheckSettings override = settings.checks().get(name);
        if (override == null) {
            override = new HealthSettings.CheckSettings(null, null, null, null, null, null);
        }
        return new CheckPlan(
                settings.enabled() && !Boolean.FALSE.equals(override.enabled()),
                first(override.interval(), options.interval(), settings.interval()),
                first(override.timeout(), options.timeout(), settings.timeout()),
                first(override.failureThreshold(), options.failureThreshold(), settings.failureThreshold()),
                first(override.successThreshold(), options.successThreshold(), settings.successThreshold()),
                first(override.criticality(), null, options.criticality()));
    }

    private static <T> T first(@Nullable T operators, @Nullable T authors, T general) {
        return operators != null ? operators : authors != null ? authors : general;
    }

    /** The age at which a result says nothing any more: two runs should have come since. */
    Duration staleAfter() {
        return interval.multipliedBy(2).plus(timeout);
    }
}
