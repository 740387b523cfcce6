package io.lynx.container;

import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one plugin's stop went. Immutable.
 *
 * @param id the plugin
 * @param state STOPPED, or ABANDONED if it was given up
 * @param took how long
 * @param allowed how long it was allowed
 * @param undelivered events that its subscriptions had not handled when they closed
 * @param failure what its stop or the closing of its resources threw; null if nothing
 * @param threadsLeft names of its threads that would not end
 * @param stack where it hung, if it was interrupted at its deadline; else empty
 */
public record PluginStop(
        String id,
        PluginState state,
        Duration took,
        Duration allowed,
        int undelivered,
        @Nullable Throwable failure,
        List<String> threadsLeft,
        List<String> stack) {
    /** Copies the lists. */
    public PluginStop {
        threadsLeft = List.copyOf(threadsLeft);
        stack = List.copyOf(stack);
    }

    /** Whether it ended by itself and without a complaint. */
    public boolean isClean() {
        return state == PluginState.STOPPED && failure == null;
    }
}
