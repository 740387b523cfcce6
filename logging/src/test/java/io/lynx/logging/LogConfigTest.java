package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.LogConfig;
import io.lynx.app.LogFormat;
import io.lynx.app.LogLevel;
import io.lynx.config.ConfigSources;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogConfigTest {
    private static LogConfig bound(String yaml) {
        return ConfigSources.none()
                .yaml("config.yml", yaml)
                .load()
                .bind(LogConfig.SECTION)
                .orThrow()
                .get(LogConfig.SECTION);
    }

    @Test
    void hasDefaults() {
        assertThat(bound("{}")).isEqualTo(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.AUTO));
    }

    @Test
    void readsLoggersWhoseNamesHaveDots() {
        LogConfig config = bound("""
                lynx:
                  log:
                    level: warn
                    format: json
                    levels:
                      com.zaxxer.hikari: error
                      io.lynx: debug
                """);

        assertThat(config)
                .isEqualTo(new LogConfig(
                        LogLevel.WARN,
                        Map.of("com.zaxxer.hikari", LogLevel.ERROR, "io.lynx", LogLevel.DEBUG),
                        LogFormat.JSON));
    }
}
