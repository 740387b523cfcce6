package io.lynx.jdbc.outbox;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes an {@link InboxPlugin} for each inbox that the configuration names. Stateless. */
public final class InboxFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of("lynx.inbox", InboxConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new InboxPlugin(name);
    }
}
