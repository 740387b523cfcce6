package io.lynx.plugin;

import io.lynx.config.ConfigSection;
import io.lynx.event.Events;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * What a plugin is given at its start: its configuration, its share of the application, and a scope for all it opens. A
 * new one for each start; using it after the plugin has stopped throws {@link IllegalStateException}. Thread-safe.
 */
public interface PluginContext {
    /** The plugin's id. */
    String id();

    /**
     * The plugin's configuration, bound and validated before anything started.
     *
     * @throws IllegalArgumentException if the descriptor names no section of that type
     */
    <T extends Record> T config(Class<T> type);

    /**
     * A section that the application itself binds, such as {@code lynx.application}.
     *
     * @throws IllegalArgumentException if nobody binds that section
     */
    <T extends Record> T config(ConfigSection<T> section);

    /**
     * The application's event buses. A subscription that the plugin {@link #own owns} is drained when the plugin stops, before
     * what was owned earlier is closed, and what it leaves counts in the report of the stop. A plugin that closes its
     * subscription itself, in {@link Plugin#stop}, answers for what that leaves.
     */
    Events events();

    /** The application's circuit breakers, by name; each plugin has one under its id. */
    CircuitBreakers breakers();

    /**
     * The application's metrics, and the plugin's own beside them. What a {@link io.lynx.metrics.MetricSource} needs to
     * be asked no more can be {@link #own owned}.
     */
    ProductionMetrics metrics();

    /** The application's monotonic clock. */
    Ticker ticker();

    /** The application's scheduler; what still waits in it for this plugin is cancelled when the plugin stops. */
    Scheduler scheduler();

    /**
     * Makes virtual threads named {@code lynx-<plugin>-<n>}. An exception that escapes one makes the plugin
     * {@link PluginState#FAILED}; what still runs when the plugin has stopped is interrupted.
     */
    ThreadFactory threads();

    /**
     * Closes {@code resource} when the plugin has stopped, or has failed to start, in reverse order of the calls.
     *
     * @return the same resource
     */
    <T extends AutoCloseable> T own(T resource);

    /**
     * Offers something to other plugins, until this one stops.
     *
     * @throws IllegalStateException if another plugin owns that name; the message says which
     */
    <T> void share(ResourceKey<T> key, T value);

    /**
     * What another plugin shares.
     *
     * @throws IllegalStateException if nobody shares it, or shares another type under the name; the message says who
     *     should be depended upon
     */
    <T> T resource(ResourceKey<T> key);

    /** What another plugin shares, if one does. */
    <T> Optional<T> findResource(ResourceKey<T> key);

    /**
     * Adds a health check beside {@link Plugin#health}; it is removed when the plugin stops.
     *
     * @throws IllegalArgumentException if the name is taken, or the options contradict each other
     */
    void healthCheck(String name, HealthCheckOptions options, HealthCheck check);

    /** Registers something that lets requests in. Only during {@link Plugin#start}. */
    void traffic(TrafficListener listener);
}
