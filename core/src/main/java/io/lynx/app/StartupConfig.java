package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;

/**
 * How long the start may take: {@code lynx.startup}.
 *
 * @param timeout for the whole application
 * @param pluginTimeout for one plugin, inside that
 * @param pluginTimeouts exceptions from {@code pluginTimeout}, by plugin id
 */
public record StartupConfig(
        @Doc("How long the application may take to start.") @Default("60s") @Range(min = "1s", max = "10m")
        Duration timeout,

        @Doc("How long one plugin may take to start.") @Default("30s") @Range(min = "1s", max = "10m")
        Duration pluginTimeout,

        @Doc("Exceptions from plugin_timeout, by plugin id.") @Default("{}")
        Map<String, Duration> pluginTimeouts) {
    /** In force until the configuration is known. */
    static final StartupConfig DEFAULTS = Binding.defaults(StartupConfig.class);
}
