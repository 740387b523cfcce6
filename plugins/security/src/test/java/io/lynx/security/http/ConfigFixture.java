package io.lynx.security.http;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import java.util.List;
import java.util.Map;

/** Reads the section of the plugin as an application does. */
final class ConfigFixture {
    private static final ConfigSection<SecurityConfig> SECTION =
            ConfigSection.of("lynx.security", SecurityConfig.class);

    private ConfigFixture() {}

    static Binding bind(List<String> settings) {
        ConfigSources sources = ConfigSources.none();
        for (String setting : settings) {
            int at = setting.indexOf('=');
            sources = sources.value(setting.substring(0, at), setting.substring(at + 1), "test");
        }
        return sources.load().bind(List.of(SECTION), Map.of());
    }

    static SecurityConfig security(List<String> settings) {
        return bind(settings).orThrow().get(SECTION);
    }

    static String problems(String... settings) {
        return String.valueOf(bind(List.of(settings)).problems());
    }
}
