package io.lynx.recovery;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Range;
import java.time.Duration;

/**
 * How errors are recorded and recovered: {@code lynx.error_recovery}. Immutable.
 *
 * @param enabled whether recoveries are attempted; errors are recorded in any case
 * @param maxErrorHistory number of errors kept
 * @param maxRecoveryHistory number of recoveries kept
 * @param errorThreshold number of errors of one type within the window that still counts as healthy
 * @param errorWindow the window in which errors count
 * @param recoveryTimeout time limit for one recovery with all its strategies, restarts excepted
 * @param maxConcurrentRecoveries number of recoveries at the same time
 * @param maxRestarts number of restarts of one component within the restart window before it is quarantined
 * @param restartWindow the window in which restarts count
 * @param onExhausted what happens when a component is quarantined
 * @param quarantineInitial time until a quarantined component is restarted again
 * @param quarantineMax longest time between two restarts of a quarantined component
 */
public record ErrorRecoveryConfig(
        @Default("true") @Doc("Whether recoveries are attempted; errors are recorded in any case.")
        boolean enabled,

        @Default("1000") @Range(min = "1", max = "1000000") @Doc("Number of errors kept.")
        int maxErrorHistory,

        @Default("500") @Range(min = "1", max = "1000000") @Doc("Number of recoveries kept.")
        int maxRecoveryHistory,

        @Default("10")
        @Range(min = "1")
        @Env("LYNX_ERROR_THRESHOLD")
        @Doc("Number of errors of one type within error_window that still counts as healthy.")
        int errorThreshold,

        @Default("60s") @Range(min = "1s", max = "1d") @Doc("Window in which errors count.")
        Duration errorWindow,

        @Default("30s")
        @Range(min = "1ms", max = "10m")
        @Doc("Time limit for one recovery with all its strategies; a restart is limited by the plugins' own timeouts.")
        Duration recoveryTimeout,

        @Default("10") @Range(min = "1", max = "1000") @Doc("Number of recoveries at the same time.")
        int maxConcurrentRecoveries,

        @Default("3")
        @Range(min = "0")
        @Doc("Number of restarts of one component within restart_window before it is quarantined.")
        int maxRestarts,

        @Default("5m")
        @Range(min = "1s", max = "1d")
        @Doc("Window in which restarts count, and the time that a component must work until its quarantine ends.")
        Duration restartWindow,

        @Default("park")
        @Doc("What happens when a component is quarantined: park tries again after quarantine_initial,"
                + " park_for_good waits for a reset, shutdown exits with code 69.")
        OnExhausted onExhausted,

        @Default("1m")
        @Range(min = "1s", max = "1d")
        @Doc("Time until a quarantined component is restarted again; each further pause is twice as long.")
        Duration quarantineInitial,

        @Default("10m")
        @Range(min = "1s", max = "1d")
        @Doc("Longest time between two restarts of a quarantined component.")
        Duration quarantineMax) {
    /** The section of the configuration. */
    public static final ConfigSection<ErrorRecoveryConfig> SECTION =
            ConfigSection.of("lynx.error_recovery", ErrorRecoveryConfig.class);

    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

    /**
     * Checks the ranges, for values that did not come from a configuration.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ErrorRecoveryConfig {
        require("max_error_history", maxErrorHistory, 1, 1_000_000);
        require("max_recovery_history", maxRecoveryHistory, 1, 1_000_000);
        require("error_threshold", errorThreshold, 1, Integer.MAX_VALUE);
        require("error_window", errorWindow, Duration.ofSeconds(1), LONGEST_WINDOW);
        require("recovery_timeout", recoveryTimeout, Duration.ofMillis(1), Duration.ofMinutes(10));
        require("max_concurrent_recoveries", maxConcurrentRecoveries, 1, 1000);
        require("max_restarts", maxRestarts, 0, Integer.MAX_VALUE);
        require("restart_window", restartWindow, Duration.ofSeconds(1), LONGEST_WINDOW);
        require("quarantine_initial", quarantineInitial, Duration.ofSeconds(1), LONGEST_WINDOW);
        require("quarantine_max", quarantineMax, Duration.ofSeconds(1), LONGEST_WINDOW);
    }

    /** Returns the values that apply unless others are configured. */
    static ErrorRecoveryConfig defaults() {
        return Binding.defaults(ErrorRecoveryConfig.class);
    }

    private static void require(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "lynx.error_recovery." + key + ": " + value + "; allowed are " + min + " to " + max);
        }
    }

    private static void require(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "lynx.error_recovery." + key + ": " + value + "; allowed are " + min + " to " + max);
        }
    }

    /** Returns this with those values of {@code changed} that are read each time they are needed. */
    public ErrorRecoveryConfig withLive(ErrorRecoveryConfig changed) {
        return new ErrorRecoveryConfig(
                enabled,
                maxErrorHistory,
                maxRecoveryHistory,
                changed.errorThreshold,
                errorWindow,
                changed.recoveryTimeout,
                maxConcurrentRecoveries,
                maxRestarts,
                restartWindow,
                changed.onExhausted,
                changed.quarantineInitial,
                changed.quarantineMax);
    }

    /** What happens when a component is quarantined. */
    public enum OnExhausted {
        /** It is restarted again after a pause, which grows; the rest of the application continues. */
        PARK,
        /** It stays quarantined until it is reset; the rest of the application continues. */
        PARK_FOR_GOOD,
        /** The application shuts down. */
        SHUTDOWN
    }
}
