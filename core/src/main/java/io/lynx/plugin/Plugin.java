package io.lynx.plugin;

import io.lynx.extension.ExtensionPoint;
import io.lynx.health.Health;
import io.lynx.time.Deadline;
import java.util.List;

/**
 * A part of a service that starts, runs and stops as one: a server, a connection pool, a cache, a worker, a set of routes.
 *
 * <p>The application calls {@link #start} when every dependency is running, and {@link #stop} before any dependency stops. A
 * restart calls both again on the same instance. {@code stop} is called exactly once for each {@code start}, also if the
 * start failed or was cancelled, and never otherwise. There is one exception: if a start exceeded its deadline, was
 * abandoned, and returns after the plugin has been started again, no stop is called for it, since that would stop the later
 * start.
 */
@ExtensionPoint(
        thread = "a virtual thread named for the plugin; a platform thread if no carrier is free",
        deadline = "lynx.startup.plugin_timeout and lynx.shutdown.plugin_timeout")
public interface Plugin {
    /** Returns the description of the plugin and its dependencies. It is called once, before anything starts. */
    PluginDescriptor descriptor();

    /**
     * Returns plugins that this one needs and that are added to the application with it, such as the listener of a server. One
     * whose id the application has already is left out. It is called once, before anything starts.
     */
    default List<Plugin> companions() {
        return List.of();
    }

    /**
     * Starts the plugin, and returns when it can be used. Everything that it registers or opens through the context is
     * removed or closed when it stops, also if the start fails.
     *
     * @throws InterruptedException if the start was cancelled by a signal, a failing peer or the start deadline
     * @throws Exception if the plugin cannot run; the message should name the cause and the remedy
     */
    void start(PluginContext context) throws Exception;

    /**
     * Stops the plugin, and returns when it has released its resources. The resources that its context owns are closed
     * afterwards. A stop that is still running at the deadline is interrupted, and abandoned 100 ms later.
     *
     * @param deadline the time by which the stop must be over
     * @throws Exception if it fails; the failure is reported, and the other plugins stop nevertheless
     */
    default void stop(Deadline deadline) throws Exception {}

    /**
     * Returns the plugin's health. It is called in the background while the plugin runs, and may block. An exception means
     * {@code DOWN}.
     *
     * @throws Exception if the health cannot be determined
     */
    default Health health() throws Exception {
        return Health.up();
    }
}
