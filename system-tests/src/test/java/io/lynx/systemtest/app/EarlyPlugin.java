package io.lynx.systemtest.app;

import io.lynx.config.Default;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;

/**
 * A plugin that misbehaves before anything starts: the system property {@code descriptor} names what its {@code descriptor()}
 * does, {@code record} what its configuration record does.
 */
final class EarlyPlugin implements Plugin {
    /** Its section. */
    record EarlyConfig(@Default("1") int any) {
        EarlyConfig {
            perform("record");
        }
    }

    static void perform(String property) {
        try {
            Deed.valueOf(System.getProperty(property, "NOTHING")).run(property);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public PluginDescriptor descriptor() {
        perform("descriptor");
        return PluginDescriptor.of("early").config("early", EarlyConfig.class).build();
    }

    @Override
    public void start(PluginContext context) {}
}
