package io.lynx.plugin;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a plugin at one moment. Immutable.
 *
 * @param descriptor its description
 * @param state its state
 * @param dependencies the ids of the plugins that start before it, sorted
 * @param startTime the duration of its last start; null if none has ended
 * @param stopTime the duration of its last stop; null if none has ended
 * @param restarts the number of times that it has been started again
 * @param failure why it failed; null if it has not failed
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

    /** Returns the plugin's id. */
    public String id() {
        return descriptor.id();
    }
}
