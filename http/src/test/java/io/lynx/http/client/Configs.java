package io.lynx.http.client;

import io.lynx.config.Config;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;

/** Configurations of clients. */
final class Configs {
    private Configs() {}

    /** Returns the configuration with these keys and values. */
    static ClientConfig with(String... keysAndValues) {
        ConfigSection<ClientConfig> section = ConfigSection.of("lynx.clients.inventory", ClientConfig.class);
        ConfigSources sources = ConfigSources.none();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            sources.value("lynx.clients.inventory." + keysAndValues[i], keysAndValues[i + 1], "test");
        }
        Config config = sources.load();
        return config.bind(section).get(section);
    }
}
