package io.lynx.jdbc;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes a {@link JdbcPlugin} for each database that the configuration names. Stateless and thread-safe. */
public final class JdbcFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of("lynx.jdbc", JdbcConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new JdbcPlugin(name);
    }
}
