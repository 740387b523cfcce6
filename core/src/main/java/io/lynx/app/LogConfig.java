package io.lynx.app;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Map;

/**
 * The configuration of the log: the section {@code lynx.log}.
 *
 * @param level the level of every logger without one of its own
 * @param levels levels by logger name; each applies to the loggers below it, too
 * @param format the format of the lines
 */
public record LogConfig(
        @Doc("The level of every logger that has none of its own.") @Default("info")
        LogLevel level,

        @Doc("Levels by logger name; each holds for the loggers below it too.") @Default("{}")
        Map<String, LogLevel> levels,

        @Doc("text, json, or auto: text on a terminal, else json.") @Default("auto")
        LogFormat format) {
    /** The section of the configuration. */
    public static final ConfigSection<LogConfig> SECTION = ConfigSection.of("lynx.log", LogConfig.class);

    /** Copies the levels. */
    public LogConfig {
        levels = Map.copyOf(levels);
    }
}
