package io.lynx.app;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Map;

/**
 * What is logged, and how: the section {@code lynx.log}.
 *
 * @param level of every logger that has none of its own
 * @param levels by logger name; each holds for the loggers below it too
 * @param format of the lines
 */
public record LogConfig(
        @Doc("The level of every logger that has none of its own.") @Default("info")
        LogLevel level,

        @Doc("Levels by logger name; each holds for the loggers below it too.") @Default("{}")
        Map<String, LogLevel> levels,

        @Doc("text, json, or auto: text on a terminal, else json.") @Default("auto")
        LogFormat format) {
    /** Where it is in the configuration. */
    public static final ConfigSection<LogConfig> SECTION = ConfigSection.of("lynx.log", LogConfig.class);

    /** Copies {@code levels}. */
    public LogConfig {
        levels = Map.copyOf(levels);
    }
}
