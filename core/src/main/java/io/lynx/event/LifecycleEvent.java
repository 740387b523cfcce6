package io.lynx.event;

import java.time.Duration;

/** The application or one of its plugins has come further in its life. A clean start is not an error. */
public sealed interface LifecycleEvent extends FrameworkEvent {
    /** The application begins to start. */
    record ApplicationStarting(String application, String version) implements LifecycleEvent {}

    /** All that had to start has started. */
    record ApplicationReady(String application, String version, Duration took) implements LifecycleEvent {}

    /** The application could not start, or could not go on. */
    record ApplicationFailed(String application, String error) implements LifecycleEvent {}

    /** A plugin runs. */
    record PluginStarted(String plugin, Duration took) implements LifecycleEvent {}

    /** A plugin did not start, or a thread of it died of an exception. */
    record PluginFailed(String plugin, String error) implements LifecycleEvent {}

    /** A plugin has stopped. */
    record PluginStopped(String plugin, Duration took) implements LifecycleEvent {}

    /** A plugin's start or stop outlived its deadline, and nobody waits for it any more. */
    record PluginAbandoned(String plugin, Duration waited) implements LifecycleEvent {}
}
