package io.lynx.health;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Durations;
import io.lynx.config.Range;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of health checks: {@code lynx.health_check}. Immutable.
 *
 * @param enabled whether checks run; if not, none counts
 * @param interval from the start of a run to the start of the next, for checks that set none
 * @param timeout of one run, for checks that set none
 * @param failureThreshold consecutive failures before a check counts as failed
 * @param successThreshold consecutive successes before a failed check counts as healthy again
 * @param overloadAfter how long requests must be rejected for overload before the instance is not ready
 * @param checks settings of single checks, by name; they override the options that a check was registered with
 */
public record HealthCheckConfig(
        @Default("true") @Doc("Whether health checks run.") boolean enabled,

        @Default("30s") @Range(min = "100ms", max = "1d") @Doc("Time between two runs of a check.")
        Duration interval,

        @Default("5s") @Range(min = "1ms", max = "10m") @Doc("Time limit of one run of a check.")
        Duration timeout,

        @Default("3") @Range(min = "1", max = "1000") @Doc("Consecutive failures before a check counts as failed.")
        int failureThreshold,

        @Default("1")
        @Range(min = "1", max = "1000")
        @Doc("Consecutive successes before a failed check counts as healthy again.")
        int successThreshold,

        @Default("off")
        @Doc("How long requests must be rejected for overload before the instance is not ready: off, or 1s to 10m.")
        OverloadTime overloadAfter,

        @Doc("Settings of single checks, which override the others.")
        Map<String, Check> checks) {
    /** The section that this record is bound to. */
    public static final ConfigSection<HealthCheckConfig> SECTION =
            ConfigSection.of("lynx.health_check", HealthCheckConfig.class);

    private static final String PREFIX = SECTION.prefix() + ".";

    /**
     * Copies the checks.
     *
     * @throws IllegalArgumentException if a duration or a threshold is out of its range
     */
    public HealthCheckConfig {
        checks = Map.copyOf(checks);
        CheckLimits.requireAll(PREFIX, interval, timeout, failureThreshold, successThreshold);
        checks.forEach((name, check) -> CheckLimits.requireAll(
                PREFIX + "checks." + name + ".",
                check.interval(),
                check.timeout(),
                check.failureThreshold(),
                check.successThreshold()));
    }

    /** Returns the configuration with every default. */
    public static HealthCheckConfig defaults() {
        return Binding.defaults(HealthCheckConfig.class);
    }

    /** Returns the settings of the check called {@code name}. */
    Check of(String name) {
        Check own = checks.get(name);
        return own == null ? Check.defaults() : own;
    }

    /** Returns a copy with checks switched on or off. */
    HealthCheckConfig withEnabled(boolean enabled) {
        return new HealthCheckConfig(
                enabled, interval, timeout, failureThreshold, successThreshold, overloadAfter, checks);
    }

    /** Returns a copy with these times. */
    HealthCheckConfig withTimes(Duration interval, Duration timeout) {
        return new HealthCheckConfig(
                enabled, interval, timeout, failureThreshold, successThreshold, overloadAfter, checks);
    }

    /** Returns a copy with these thresholds, both in consecutive results. */
    HealthCheckConfig withThresholds(int failures, int successes) {
        return new HealthCheckConfig(enabled, interval, timeout, failures, successes, overloadAfter, checks);
    }

    /** Returns a copy in which the instance is not ready when requests were rejected for overload for this long. */
    HealthCheckConfig withOverloadAfter(Duration duration) {
        return new HealthCheckConfig(
                enabled, interval, timeout, failureThreshold, successThreshold, new OverloadTime(duration), checks);
    }

    /** Returns a copy with this configuration for the check called {@code name}. */
    HealthCheckConfig withCheck(String name, Check check) {
        Map<String, Check> more = new LinkedHashMap<>(checks);
        more.put(name, check);
        return new HealthCheckConfig(
                enabled, interval, timeout, failureThreshold, successThreshold, overloadAfter, more);
    }

    /**
     * The settings of one check. A value that is null or empty is taken from its registration or from the section.
     *
     * @param enabled whether it runs
     * @param interval from the start of a run to the start of the next
     * @param timeout of one run
     * @param failureThreshold consecutive failures before it counts as failed
     * @param successThreshold consecutive successes before it counts as healthy again
     * @param criticality the effect of a failure
     * @param groups the probes that it is part of
     */
    public record Check(
            @Default("true") @Doc("Whether this check runs.")
            boolean enabled,

            @Range(min = "100ms", max = "1d") @Doc("Time between two runs of this check.") @Nullable
            Duration interval,

            @Range(min = "1ms", max = "10m") @Doc("Time limit of one run of this check.") @Nullable
            Duration timeout,

            @Range(min = "1", max = "1000") @Doc("Consecutive failures before this check counts as failed.") @Nullable
            Integer failureThreshold,

            @Range(min = "1", max = "1000")
            @Doc("Consecutive successes before this check counts as healthy again.")
            @Nullable
            Integer successThreshold,

            @Doc("Effect of a failure: critical takes the instance out of traffic, degrading does not, info"
                    + " has none.")
            @Nullable
            Criticality criticality,

            @Doc("The probes that this check is part of; without any, those of its registration.")
            List<Group> groups) {
        /** Copies the groups. */
        public Check {
            groups = List.copyOf(groups);
        }

        /** Returns settings that override nothing. */
        static Check defaults() {
            return Binding.defaults(Check.class);
        }

        /** Returns a copy that is switched on or off. */
        Check withEnabled(boolean enabled) {
            return new Check(enabled, interval, timeout, failureThreshold, successThreshold, criticality, groups);
        }

        /** Returns a copy with these times; null leaves a time as it was registered. */
        Check withTimes(@Nullable Duration interval, @Nullable Duration timeout) {
            return new Check(enabled, interval, timeout, failureThreshold, successThreshold, criticality, groups);
        }

        /** Returns a copy with these thresholds, both in consecutive results. */
        Check withThresholds(int failures, int successes) {
            return new Check(enabled, interval, timeout, failures, successes, criticality, groups);
        }

        /** Returns a copy with this criticality. */
        Check withCriticality(Criticality criticality) {
            return new Check(enabled, interval, timeout, failureThreshold, successThreshold, criticality, groups);
        }

        /** Returns a copy that is part of these probes and no others. */
        Check withGroups(Group... groups) {
            return new Check(
                    enabled, interval, timeout, failureThreshold, successThreshold, criticality, List.of(groups));
        }
    }

    /**
     * How long requests must be rejected for overload before the instance is not ready. Immutable.
     *
     * @param orNull the time, 1 s to 10 min; null for {@code off}
     */
    public record OverloadTime(@Nullable Duration orNull) {
        /** Overload never makes the instance not ready. */
        public static final OverloadTime OFF = new OverloadTime(null);

        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofMinutes(10);
        private static final String FORM = "'off', or a duration from 1s to 10m";

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the time is out of its range
         */
        public OverloadTime {
            if (orNull != null && (orNull.compareTo(SHORTEST) < 0 || orNull.compareTo(LONGEST) > 0)) {
                throw new IllegalArgumentException(FORM);
            }
        }

        /**
         * Reads {@code off} or a duration.
         *
         * @throws IllegalArgumentException if {@code text} is neither
         */
        static OverloadTime parse(String text) {
            if (text.equals("off") || text.equals("false")) {
                return OFF;
            }
            try {
                return new OverloadTime(Durations.parse(text));
            } catch (IllegalArgumentException neither) {
                throw new IllegalArgumentException(FORM, neither);
            }
        }
    }
}
