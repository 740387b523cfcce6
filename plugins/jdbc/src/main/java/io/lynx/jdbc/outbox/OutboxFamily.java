package io.lynx.jdbc.outbox;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes an {@link OutboxPlugin} for each outbox that the configuration names. Stateless. */
public final class OutboxFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of("lynx.outbox", OutboxConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new OutboxPlugin(name);
    }
}
