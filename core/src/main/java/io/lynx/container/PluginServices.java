package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.event.EventBuses;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of the application that the container and the contexts of plugins use.
 *
 * @param ticker the clock of every deadline
 * @param scheduler runs tasks that may block
 * @param deadlines runs tasks that are short: it ends waits, and starts the threads of what plugins schedule
 * @param clock the wall clock of cron schedules and timestamps
 * @param settings returns the record of a bound section
 * @param health registers a plugin's check; the returned handle removes it
 * @param events the event buses
 * @param breakers the circuit breakers
 * @param metrics the metrics
 * @param recovery the recovery of errors
 * @param pages the pages and panels that plugins add
 * @param json the application's JSON codec
 * @param notifier publishes what happens to plugins
 */
public record PluginServices(
        Ticker ticker,
        Scheduler scheduler,
        Scheduler deadlines,
        InstantSource clock,
        Settings settings,
        HealthRegistrar health,
        EventBuses events,
        CircuitBreakers breakers,
        ProductionMetrics metrics,
        ErrorRecoveryManager recovery,
        PluginPages pages,
        JsonCodec json,
        Notifier<PluginEvent> notifier) {
    /** Where bound sections come from. */
    @FunctionalInterface
    public interface Settings {
        /** Returns the record that {@code section} is bound to; null if it is not bound. */
        <T extends Record> @Nullable T find(ConfigSection<T> section);

        /** Returns the active profiles of the configuration. */
        default List<String> profiles() {
            return List.of();
        }

        /**
         * Passes changes of some keys of a bound section to {@code change} when the configuration is reloaded.
         *
         * @param keys in full
         * @return ends that
         */
        default <T extends Record> Registration onReload(
                ConfigSection<T> section, Set<String> keys, Consumer<T> change) {
            return Registration.NONE;
        }

        /** Returns the settings that a plugin finds from its start to its stop. */
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
