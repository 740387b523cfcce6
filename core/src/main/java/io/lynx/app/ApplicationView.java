package io.lynx.app;

import io.lynx.app.reload.ReloadReport;
import io.lynx.config.ConfigEntry;
import io.lynx.config.ConfigurationException;
import io.lynx.event.Events;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PluginPage;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An application as its operator sees it. Plugins get it as the shared resource {@link #KEY}. Every answer is a snapshot.
 * Thread-safe.
 */
public interface ApplicationView {
    /** The key under which every application shares its view. */
    ResourceKey<ApplicationView> KEY = ResourceKey.of("lynx.application", ApplicationView.class);

    /**
     * The key under which every application shares the scheduler of its deadlines, for listeners and clients. Its tasks run one
     * after another on a platform thread, so they must be short and must not block.
     */
    ResourceKey<Scheduler> DEADLINES = ResourceKey.of("lynx.deadlines", Scheduler.class);

    /** Where it is in its life. */
    ApplicationState state();

    /** Who it is. */
    ApplicationConfig identity();

    /** The host it runs on: the configured one, or the machine's. */
    String host();

    /** When its start began. */
    Instant startedAt();

    /** How long ago its start began, on the monotonic clock: changes of the wall clock do not move it. */
    Duration uptime();

    /** Its plugins, in start order. */
    List<PluginStatus> plugins();

    /** The effective configuration, ordered by key, secrets masked. */
    List<ConfigEntry> configuration();

    /** Its health. */
    HealthMonitor health();

    /** Its event buses. */
    Events events();

    /** What is done about its errors. */
    ErrorRecoveryManager recovery();

    /** Its circuit breakers. */
    CircuitBreakers breakers();

    /** What is measured. */
    ProductionMetrics metrics();

    /** Where its listeners can be reached; empty until they are open. */
    List<String> urls();

    /** How many requests are being served. */
    long requestsInFlight();

    /** Returns the pages and panels that plugins have added, by kind and name. */
    List<PluginPage> pages();

    /** How the stop is going, if there is one. */
    Optional<ShutdownReport> shutdownReport();

    /**
     * Asks for a graceful stop, and returns at once. Only the first request counts.
     *
     * @param reason for the report
     */
    void requestStop(String reason);

    /**
     * Stops the plugin {@code id} with all that depend on it, and starts them again. Returns when they run.
     *
     * @throws IllegalArgumentException if there is no such plugin
     * @throws IllegalStateException if the application is not in a state to restart anything now
     * @throws StartException if one of them does not start again
     * @throws InterruptedException if interrupted while waiting
     */
    void restart(String id) throws InterruptedException;

    /**
     * Reads all sources of the configuration again, as at the start, and applies what can change while the application
     * runs: all of it or nothing. A plugin takes its own section over at its next start, be it a restart; what else
     * differs waits for the application's.
     *
     * @return what was applied and what was not
     * @throws ConfigurationException with all problems if what was read is not valid; nothing has changed then
     * @throws IllegalStateException if the application is not ready, or another reload is under way
     */
    ReloadReport reload();
}
