package io.lynx.plugin;

import io.lynx.config.ConfigSection;
import io.lynx.event.EventBuses;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.json.JsonCodec;
import io.lynx.leadership.Leadership;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PageSource;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The context that a plugin receives for its start: its configuration, the services of the application, and a scope
 * that owns everything that the plugin registers or opens through it. The scope removes or closes all of it when the
 * plugin stops; each registration can be closed earlier. Each start receives a new context. A context that is used
 * after the plugin has stopped throws {@link IllegalStateException}. Thread-safe.
 */
public interface PluginContext {
    /** Returns the plugin's id. */
    String id();

    /**
     * Returns a section of the plugin's configuration, bound and validated before anything started.
     *
     * @throws IllegalArgumentException if its descriptor has no section of that type
     */
    <T extends Record> T config(Class<T> type);

    /**
     * Returns a section that the application itself binds, such as {@code lynx.application}.
     *
     * @throws IllegalArgumentException if that section is not bound
     */
    <T extends Record> T config(ConfigSection<T> section);

    /** Returns the active profiles of the configuration, such as {@code production}; those of the start, also after a reload. */
    List<String> profiles();

    /**
     * Puts changes of some keys of the plugin's configuration in force as soon as the configuration is reloaded, such as those of a
     * password. Changes of other keys take effect at the plugin's next start.
     *
     * @param type the record of the section
     * @param change receives the record with the new values of these keys; it must not wait for other systems. Whatever it throws
     *     refuses the reload as a whole, and it receives the old record again; the message of an {@link
     *     IllegalArgumentException} is the reported problem
     * @param keys the keys below the section
     * @return ends that
     * @throws IllegalArgumentException if the plugin's descriptor has no section of that type
     */
    <T extends Record> Registration onReload(Class<T> type, Consumer<T> change, String... keys);

    /**
     * Returns the application's event buses. A subscription is owned by the plugin: when the plugin stops, the events that
     * wait in it are handled, then it is closed; events that could not be handled in time count as undelivered in the report
     * of the shutdown.
     */
    EventBuses events();

    /**
     * Returns the application's circuit breakers. Each exists from its first use. Options that the plugin sets for a breaker
     * are owned by the plugin: they are withdrawn when it stops.
     */
    CircuitBreakers breakers();

    /** Returns the application's JSON codec: the one that it was given, otherwise the installed one. */
    JsonCodec json();

    /** Returns the application's recovery of errors. Strategies that are registered through it are owned by the plugin. */
    PluginErrorRecovery recovery();

    /** Returns the application's metrics. Sources are registered by {@link #metricSource}. */
    ProductionMetrics metrics();

    /**
     * Polls {@code source} at every scrape.
     *
     * @param name identifies it in the count of its errors
     */
    Registration metricSource(String name, MetricSource source);

    /** Returns the application's monotonic clock. */
    Ticker ticker();

    /** Returns the application's wall clock. */
    InstantSource clock();

    /**
     * Runs a job again and again until the plugin stops. Its runs never overlap; one that throws is logged and counted,
     * and the job runs again at its next time. When the plugin stops, the run in progress gets time to end.
     *
     * @param name unique in the application; a label of the metrics of jobs
     * @return ends it; a run in progress continues
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the name is taken; the message names the plugin that has it
     */
    Registration schedule(String name, Schedule schedule, Job job);

    /**
     * Makes this instance a candidate for a leadership, of which one instance at a time is the leader, until the plugin stops. It begins
     * at once; {@code lynx.leadership.<name>} configures it. The plugin that keeps the lease, such as {@code jdbc}, must be running: let
     * the descriptor require it, or the capability {@code leadership}.
     *
     * @param name of the leadership, the same in all instances and unique in the application; a label of metrics
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the name is taken, no running plugin keeps leases, or there are several and the configuration
     *     does not say which
     */
    Leadership leadership(String name);

    /**
     * As {@link #leadership(String)}, for a plugin whose work belongs to one system: its backend keeps the lease unless the configuration
     * names another.
     *
     * @param backend the id of the plugin that keeps the lease, such as {@code jdbc}
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the name is taken, or that plugin keeps no leases or is not running
     */
    Leadership leadership(String name, String backend);

    /**
     * Returns a scheduler whose tasks run on threads of the plugin and are cancelled when the plugin stops. After that it throws
     * {@link IllegalStateException}.
     */
    Scheduler scheduler();

    /**
     * Returns a factory of virtual threads named {@code lynx-<plugin>-<n>}. An exception that escapes from one makes the
     * plugin {@link PluginState#FAILED}. Threads that still run when the plugin has stopped are interrupted. A thread runs in the
     * {@link io.lynx.context.RequestContext} in which it was made; in a pool, wrap the executor instead.
     */
    ThreadFactory threads();

    /**
     * Closes {@code resource} when the plugin has stopped, or has failed to start, in reverse order of the calls. If it is
     * {@link AcceptedWork}, it is finished before the plugin stops.
     *
     * @return the same resource
     */
    <T extends AutoCloseable> T own(T resource);

    /**
     * Shares a resource with other plugins until this one stops.
     *
     * @throws IllegalStateException if another plugin owns that name; the message names it
     */
    <T> Registration share(ResourceKey<T> key, T value);

    /**
     * Returns a resource that another plugin shares.
     *
     * @throws IllegalStateException if no running plugin shares it, or one shares another type under the name
     */
    <T> T resource(ResourceKey<T> key);

    /** Returns a resource that another plugin shares; empty if no running plugin shares it. */
    <T> Optional<T> findResource(ResourceKey<T> key);

    /**
     * Adds a health check beside {@link Plugin#health}.
     *
     * @throws IllegalArgumentException if the name is taken, or the options contradict each other
     */
    Registration healthCheck(String name, HealthCheckOptions options, HealthCheck check);

    /**
     * Adds a page for operators under {@code /debug/NAME}.
     *
     * @throws IllegalArgumentException if the name is malformed or that of a page of the framework
     * @throws IllegalStateException if the name is taken; the message names the plugin that has it
     */
    Registration page(String name, PageSource source);

    /**
     * Adds a panel to the web console.
     *
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the name is taken; the message names the plugin that has it
     */
    Registration panel(String name, PageSource source);

    /**
     * Registers a server that accepts requests. It is opened when every plugin has started. If the registration is
     * closed before that, it is not opened.
     *
     * @throws IllegalStateException outside of {@link Plugin#start}
     */
    Registration traffic(TrafficListener listener);
}
