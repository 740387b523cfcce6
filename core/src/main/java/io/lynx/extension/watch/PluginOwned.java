package io.lynx.extension.watch;

/**
 * Marks what belongs to a plugin, so that the framework can name the plugin in its log lines and can tell the owner when it has ended.
 * Implementations are thread-safe.
 */
public interface PluginOwned {
    /** Returns the id of the plugin. */
    String plugin();

    /** Called by any thread when it has ended, so that the owner forgets it; more calls have no effect. Must not block. */
    void ended();
}
