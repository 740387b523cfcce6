package io.lynx.plugin;

import io.lynx.config.ConfigSection;
import io.lynx.extension.ExtensionPoint;

/**
 * Plugins of one kind, of which an application has as many as its configuration names: {@code lynx.jdbc.orders.url} makes the
 * plugin {@code jdbc.orders}, and {@code lynx.jdbc.url} the one without a name. Families are found on the class path by {@link
 * java.util.ServiceLoader}. A plugin that the application was given replaces the one of its id.
 */
@ExtensionPoint(thread = "the thread that starts or reloads the application", deadline = "lynx.startup.timeout")
public interface PluginFamily {
    /** Returns the section of the plugin without a name; those of the others are directly below it, with the same record. */
    ConfigSection<?> section();

    /**
     * Creates the plugin of a name, which is not started.
     *
     * @param name lower-case letters, digits and dashes; empty for the plugin without a name
     * @throws IllegalArgumentException if the name is not possible; the message says what is allowed
     */
    Plugin plugin(String name);
}
