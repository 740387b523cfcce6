package io.lynx.app.telemetry;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.ApplicationView;
import io.lynx.app.LogLevel;
import io.lynx.event.Events;
import io.lynx.health.HealthMonitor;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts of an application that a scrape reads. Immutable.
 *
 * @param plugins returns the plugins as they are now
 * @param virtualThreads counts the virtual threads that the framework runs
 * @param logEvents returns the number of log events by level; empty if nothing counts them
 */
public record MeasuredApplication(
        ApplicationView application,
        ApplicationConfig identity,
        HealthMonitor health,
        Events events,
        CircuitBreakers breakers,
        ErrorRecoveryManager recovery,
        Supplier<List<PluginStatus>> plugins,
        LongSupplier virtualThreads,
        Supplier<Map<LogLevel, Long>> logEvents) {}
