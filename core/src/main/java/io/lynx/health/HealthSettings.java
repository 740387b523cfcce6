package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How checks are run where their own options say nothing, and what the operator wants of single ones. Immutable.
 *
 * @param enabled whether checks run at all; if not, none counts
 * @param interval from start to start, 10 ms to 1 day
 * @param timeout for one run, 1 ms to 1 hour
 * @param failureThreshold consecutive failures before a check counts as failed, 1 to 1,000
 * @param successThreshold consecutive successes before it counts as well again, 1 to 1,000
 * @param checks by the name of a check; stronger than the check's options
 */
public record HealthSettings(
        boolean enabled,
        Duration interval,
        Duration timeout,
        int failureThreshold,
        int successThreshold,
        Map<String, CheckSettings> checks) {
    private static final HealthSettings DEFAULTS =
            new HealthSettings(true, Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 1, Map.of());

    /**
     * What the operator wants of one check; null is what the operator leaves alone.
     *
     * @param enabled whether it runs and counts
     * @param interval from start to start
     * @param timeout for one run
     * @param failureThreshold consecutive failures before it counts as failed
     * @param successThreshold consecutive successes before it counts as well again
     * @param criticality what a failure does to the whole
     * @param groups the probes that it is part of
     */
    public record CheckSettings(
            @Nullable Boolean enabled,
            @Nullable Duration interval,
            @Nullable Duration timeout,
            @Nullable Integer failureThreshold,
            @Nullable Integer successThreshold,
            @Nullable Criticality criticality,
            @Nullable Set<Group> groups) {
        /** Nothing but what the check's options and the settings of all say. */
        static final CheckSettings UNSAID = new CheckSettings(null, null, null, null, null, null, null);

        /** Copies the groups. */
        public CheckSettings {
            groups = groups == null ? null : Set.copyOf(groups);
        }
    }

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a duration or a threshold is out of its range
     */
    public HealthSettings {
        checks = Map.copyOf(checks);
        Limits.requireAll("lynx.health_check.", interval, timeout, failureThreshold, successThreshold);
        checks.forEach((name, check) -> Limits.requireAll(
                "lynx.health_check.checks." + name + ".",
                check.interval(),
                check.timeout(),
                check.failureThreshold(),
                check.successThreshold()));
    }

    /** As {@code lynx.health_check} says. */
    public static HealthSettings of(HealthCheckConfig config) {
        Map<String, CheckSettings> checks = new HashMap<>();
        config.checks()
                .forEach((name, check) -> checks.put(
                        name,
                        new CheckSettings(
                                check.enabled(),
                                check.interval(),
                                check.timeout(),
                                check.failureThreshold(),
                                check.successThreshold(),
                                check.criticality(),
                                check.groups().isEmpty() ? null : Set.copyOf(check.groups()))));
        return new HealthSettings(
                config.enabled(),
                config.interval(),
                config.timeout(),
                config.failureThreshold(),
                config.successThreshold(),
                checks);
    }

    /** Every 30 s, 5 s for a run, down after 3 failures, up again after 1 success. */
    public static HealthSettings defaults() {
        return DEFAULTS;
    }
}
