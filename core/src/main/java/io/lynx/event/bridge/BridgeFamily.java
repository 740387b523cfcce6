package io.lynx.event.bridge;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes a {@link BridgePlugin} for each bridge that the configuration names. Stateless. */
public final class BridgeFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of(BridgePlugin.SECTION, BridgeConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new BridgePlugin(name);
    }
}
