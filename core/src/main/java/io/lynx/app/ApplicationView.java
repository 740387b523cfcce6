package io.lynx.app;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ReloadReport;
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
 * An application as operators see it. Plugins find it as the shared resource {@link #KEY}. Each method returns a snapshot.
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

    /** Returns its state. */
    ApplicationState state();

    /** Returns its identity. */
    ApplicationConfig identity();

    /** Returns the host that it runs on: the configured one, otherwise the machine's. */
    String host();

    /** Returns the time at which its start began. */
    Instant startedAt();

    /** Returns the time since its start began, on the monotonic clock: changes of the wall clock do not affect it. */
    Duration uptime();

    /** Returns its plugins, in start order. */
    List<PluginStatus> plugins();

    /** Returns the effective configuration, ordered by key, with secrets masked. */
    List<ConfigEntry> configuration();

    /** Returns its health. */
    HealthMonitor health();

    /** Returns its event buses. */
    Events events();

    /** Returns its recovery of errors. */
    ErrorRecoveryManager recovery();

    /** Returns its circuit breakers. */
    CircuitBreakers breakers();

    /** Returns its metrics. */
    ProductionMetrics metrics();

    /** Returns the URLs of its listeners; empty until they are open. */
    List<String> urls();

    /** Returns the number of requests that are being served. */
    long requestsInFlight();

    /** Returns the pages and panels that plugins have added, by kind and name. */
    List<PluginPage> pages();

    /** Returns the progress or result of the shutdown; empty if none was requested. */
    Optional<ShutdownReport> shutdownReport();

    /**
     * Requests a graceful shutdown and returns at once. Only the first request counts.
     *
     * @param reason appears in the report
     */
    void requestStop(String reason);

    /**
     * Stops the plugin {@code id} and all that depend on it, starts them again, and returns when they run.
     *
     * @throws IllegalArgumentException if there is no such plugin
     * @throws IllegalStateException if the application is not ready, or another start or stop is in progress
     * @throws StartException if one of them fails to start again
     * @throws InterruptedException if interrupted while waiting
     */
    void restart(String id) throws InterruptedException;

    /**
     * Reads all sources of the configuration again, as at the start, and applies what can change while the application runs:
     * all of it or nothing. The section of a plugin takes effect when the plugin starts again. All other changes take effect
     * when the application starts again.
     *
     * @return what was applied and what was not
     * @throws ConfigurationException with all problems if what was read is not valid; nothing has changed then
     * @throws IllegalStateException if the application is not ready, or another reload is in progress; the message says what
     *     that reload does
     */
    ReloadReport reload();
}
