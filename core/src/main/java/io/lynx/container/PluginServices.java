package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.event.EventBuses;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PluginPages;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * What the container asks of the application for the plugins' sake.
 *
 * @param ticker the clock of every deadline
 * @param scheduler wakes the container, and runs what plugins schedule
 * @param settings gives the record of a bound section; null if nobody binds it
 * @param health registers a plugin's check; the returned handle removes it
 * @param events the event buses
 * @param breakers the circuit breakers
 * @param metrics what is measured
 * @param pages the pages and panels that plugins add
 * @param notifier publishes what happens to plugins
 */
public record PluginServices(
        Ticker ticker,
        Scheduler scheduler,
        Settings settings,
        HealthRegistrar health,
        EventBuses events,
        CircuitBreakers breakers,
        ProductionMetrics metrics,
        PluginPages pages,
        Notifier<PluginEvent> notifier) {
    /** Where bound sections come from. */
    @FunctionalInterface
    public interface Settings {
        /** The record that {@code section} is bound to; null if nobody binds it. */
        <T extends Record> @Nullable T find(ConfigSection<T> section);

        /** What a plugin that starts now is to find for as long as it runs. */
        default Settings starting(PluginDescriptor plugin) {
            return this;
        }
    }

    /** Where checks are registered. */
    @FunctionalInterface
    public interface HealthRegistrar {
        /**
         * Registers a check.
         *
         * @return removes it
         */
        Registration register(String plugin, String name, HealthCheckOptions options, HealthCheck check);
    }
}
