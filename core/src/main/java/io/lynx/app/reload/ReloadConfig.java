package io.lynx.app.reload;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/**
 * When the configuration is read again: {@code lynx.config}.
 *
 * @param watchInterval the interval at which the files are read, 100 ms or more; zero for none
 */
public record ReloadConfig(
        @Doc("Interval at which the files of the configuration are checked for changes; 0s for never, otherwise"
                + " 100ms or more.")
        @Default("0s")
        @Range(min = "0s", max = "1d")
        Duration watchInterval) {
    /** The section of the configuration. */
    public static final ConfigSection<ReloadConfig> SECTION = ConfigSection.of("lynx.config", ReloadConfig.class);

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * Checks the interval.
     *
     * @throws IllegalArgumentException if it is neither zero nor 100 ms or more
     */
    public ReloadConfig {
        if (!watchInterval.isZero() && watchInterval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("watch_interval: must be 0s, or 100ms or more");
        }
    }
}
