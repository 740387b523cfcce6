package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;

/**
 * The time limits of the start: {@code lynx.startup}.
 *
 * @param timeout the limit of the whole start
 * @param pluginTimeout the limit of the start of one plugin
 * @param pluginTimeouts exceptions from {@code pluginTimeout}, by plugin id
 */
public record StartupConfig(
        @Doc("How long the application may take to start.") @Default("60s") @Range(min = "1s", max = "10m")
        Duration timeout,

        @Doc("How long one plugin may take to start.") @Default("30s") @Range(min = "1s", max = "10m")
        Duration pluginTimeout,

        @Doc("Exceptions from plugin_timeout, by plugin id.") @Default("{}")
        Map<String, Duration> pluginTimeouts) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks the timeouts of single plugins.
     *
     * @throws IllegalArgumentException if one is longer than 365 days
     */
    public StartupConfig {
        requireCountable(pluginTimeouts);
    }

    /** Refuses what cannot be counted in nanoseconds. */
    static void requireCountable(Map<String, Duration> pluginTimeouts) {
        pluginTimeouts.forEach((id, timeout) -> {
            if (timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "plugin_timeouts." + id + ": " + timeout + "; at most 365 days are allowed");
            }
        });
    }

    /** Applies until the configuration is known. */
    static final StartupConfig DEFAULTS = Binding.defaults(StartupConfig.class);
}
