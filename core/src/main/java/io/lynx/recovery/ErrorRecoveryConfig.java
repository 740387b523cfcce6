package io.lynx.recovery;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Range;
import java.time.Duration;

/**
 * How errors are recorded and recovered from: {@code lynx.error_recovery}.
 *
 * @param enabled whether recoveries are tried; errors are recorded in any case
 * @param maxErrorHistory how many errors are kept
 * @param maxRecoveryHistory how many recoveries are kept
 * @param errorThreshold errors of one type within the window that are still healthy
 * @param errorWindow the window in which errors count
 * @param recoveryTimeout for one recovery, all its strategies included
 * @param maxConcurrentRecoveries recoveries at the same time
 * @param maxRestarts restarts of one component within the restart window before it is given up
 * @param restartWindow the window in which restarts count
 * @param onExhausted what happens when a component is given up
 */
public record ErrorRecoveryConfig(
        @Default("true") @Doc("Whether recoveries are tried; errors are recorded in any case.")
        boolean enabled,

        @Default("1000") @Range(min = "1", max = "1000000") @Doc("How many errors are kept.")
        int maxErrorHistory,

        @Default("500") @Range(min = "1", max = "1000000") @Doc("How many recoveries are kept.")
        int maxRecoveryHistory,

        @Default("10")
        @Range(min = "1")
        @Env("LYNX_ERROR_THRESHOLD")
        @Doc("Errors of one type within error_window that are still healthy.")
        int errorThreshold,

        @Default("60s") @Range(min = "1s", max = "1d") @Doc("The window in which errors count.")
        Duration errorWindow,

        @Default("30s") @Range(min = "1ms", max = "10m") @Doc("For one recovery, all its strategies included.")
        Duration recoveryTimeout,

        @Default("10") @Range(min = "1", max = "1000") @Doc("RecoveryRunner at the same time.")
        int maxConcurrentRecoveries,

        @Default("3") @Range(min = "0") @Doc("Restarts of one component within restart_window before it is given up.")
        int maxRestarts,

        @Default("5m") @Range(min = "1s", max = "1d") @Doc("The window in which restarts count.")
        Duration restartWindow,

        @Default("park") @Doc("What happens when a component is given up.")
        OnExhausted onExhausted) {
    /** Where it is written. */
    public static final ConfigSection<ErrorRecoveryConfig> SECTION =
            ConfigSection.of("lynx.error_recovery", ErrorRecoveryConfig.class);

    /** What holds unless something else is written. */
    public static final ErrorRecoveryConfig DEFAULTS = new ErrorRecoveryConfig(
            true,
            1000,
            500,
            10,
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            10,
            3,
            Duration.ofMinutes(5),
            OnExhausted.PARK);

    /** This one with those values of {@code changed} that are looked up each time they are needed. */
    ErrorRecoveryConfig live(ErrorRecoveryConfig changed) {
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
                changed.onExhausted);
    }

    /** What happens when a component has used up its restarts. */
    public enum OnExhausted {
        /** It stays down until somebody resets it; the rest goes on. */
        PARK,
        /** The application stops. */
        SHUTDOWN
    }
}
