package io.lynx.redis;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes a {@link RedisPlugin} for each Redis that the configuration names. Stateless. */
public final class RedisFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of("lynx.redis", RedisConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new RedisPlugin(name);
    }
}
