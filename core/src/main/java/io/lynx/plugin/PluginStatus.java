package io.lynx.plugin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plugin as an operator sees it at one moment. Immutable.
 *
 * @param descriptor what it is
 * @param state where it is in its life
 * @param dependencies the ids of the plugins that run before it, sorted
 * @param startTime how long its last start took; null if none has ended
 * @param stopTime how long its last stop took; null if none has ended
 * @param restarts how often it has been started again
 * @param failure why it failed; null if it did not
 */
public record PluginStatus(
        PluginDescriptor descriptor,
        PluginState state,
        List<String> dependencies,
        @Nullable Duration startTime,
        @Nullable Duration stopTime,
        int restarts,
        @Nullable Throwable failure) {
    /** Copies the dependencies. */
    public PluginStatus {
        dependencies = List.copyOf(dependencies);
    }

    /** The plugin's id. */
    public String id() {
        return descriptor.id();
    }
}
