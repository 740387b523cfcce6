package io.lynx.health;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How health is checked: {@code lynx.health_check}.
 *
 * @param enabled whether checks run
 * @param interval between two runs of a check
 * @param timeout for one run
 * @param failureThreshold consecutive failures before a check counts as failed
 * @param successThreshold consecutive successes before it counts as well again
 * @param checks what is different for single checks, by name
 */
public record HealthCheckConfig(
        @Default("true") @Doc("Whether checks run.") boolean enabled,

        @Default("30s") @Range(min = "100ms", max = "1d") @Doc("Between two runs of a check.")
        Duration interval,

        @Default("5s") @Range(min = "1ms", max = "10m") @Doc("For one run of a check.")
        Duration timeout,

        @Default("3") @Range(min = "1", max = "1000") @Doc("Consecutive failures before a check counts as failed.")
        int failureThreshold,

        @Default("1") @Range(min = "1", max = "1000") @Doc("Consecutive successes before a check counts as well again.")
        int successThreshold,

        @Doc("What is different for single checks.") Map<String, Check> checks) {
    /** Where it is written. */
    public static final ConfigSection<HealthCheckConfig> SECTION =
            ConfigSection.of("lynx.health_check", HealthCheckConfig.class);

    /** Copies the checks. */
    public HealthCheckConfig {
        checks = Map.copyOf(checks);
    }

    /**
     * What is different for one check; null or empty leaves what its plugin or the section above says.
     *
     * @param enabled whether it runs
     * @param interval between two runs
     * @param timeout for one run
     * @param failureThreshold consecutive failures before it counts as failed
     * @param successThreshold consecutive successes before it counts as well again
     * @param criticality what a failure does to the whole
     * @param groups the probes that it is part of
     */
    public record Check(
            @Default("true") @Doc("Whether this check runs.")
            boolean enabled,

            @Range(min = "100ms", max = "1d") @Doc("Between two runs of this check.") @Nullable
            Duration interval,

            @Range(min = "1ms", max = "10m") @Doc("For one run of this check.") @Nullable
            Duration timeout,

            @Range(min = "1", max = "1000") @Doc("Consecutive failures before this check counts as failed.") @Nullable
            Integer failureThreshold,

            @Range(min = "1", max = "1000")
            @Doc("Consecutive successes before this check counts as well again.")
            @Nullable
            Integer successThreshold,

            @Doc("What a failure does to the whole.") HealthCheckOptions.@Nullable Criticality criticality,

            @Doc("The probes that this check is part of; its own if none are named.")
            List<HealthCheckOptions.Group> groups) {}
}
