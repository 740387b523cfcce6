package io.lynx.extension.watch;

/** Marks what belongs to a plugin, so that the framework can name the plugin in its log lines. Implementations are immutable. */
public interface PluginOwned {
    /** Returns the id of the plugin. */
    String plugin();
}
