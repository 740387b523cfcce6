package io.lynx.app.reload;

import io.lynx.config.Binding;
import io.lynx.config.Config;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;

/**
 * A configuration that was read and is valid. Immutable.
 *
 * @param config the merged sources
 * @param binding the records that it is bound to
 * @param plugins the plugins that run with it, in start order
 * @param warnings values that are probably mistakes
 */
public record ReadConfig(Config config, Binding binding, List<PluginDescriptor> plugins, List<String> warnings) {
    /** Copies the lists. */
    public ReadConfig {
        warnings = List.copyOf(warnings);
        plugins = List.copyOf(plugins);
    }
}
