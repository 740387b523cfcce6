package io.lynx.container;

import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.util.List;

/**
 * Hears what happens to plugins. Called from several threads, never under a lock; it must not block, and what it throws
 * is the observer's loss alone.
 */
public interface PluginObserver {
    /** A plugin went from {@code before} to the state that {@code now} shows. */
    default void stateChanged(PluginState before, PluginStatus now) {}

    /** A plugin's start is taking long: half of its deadline has passed, or nine tenths. */
    default void startIsSlow(PluginStatus plugin, Duration elapsed, Duration allowed, List<StackTraceElement> stack) {}

    /** An exception escaped one of a plugin's threads. */
    default void threadDied(PluginStatus plugin, Thread thread, Throwable failure) {}

    /** The virtual machine itself cannot be trusted any more. */
    default void virtualMachineFailed(Throwable error) {}
}
