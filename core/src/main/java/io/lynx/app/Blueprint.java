package io.lynx.app;

import io.lynx.app.reload.ReadConfig;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.config.Binding;
import io.lynx.config.Config;
import io.lynx.config.ConfigProblem;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.container.PluginGraph;
import io.lynx.event.EventsConfig;
import io.lynx.health.HealthCheckConfig;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.resilience.CircuitBreakerSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of an application before anything is opened: its bound configuration and its plugins in their graph.
 * Immutable.
 */
record Blueprint(Config config, Binding binding, PluginGraph graph, Map<String, Plugin> plugins) {
    static final ConfigSection<ApplicationConfig> APPLICATION =
            ConfigSection.of("lynx.application", ApplicationConfig.class);
    static final ConfigSection<StartupConfig> STARTUP = ConfigSection.of("lynx.startup", StartupConfig.class);
    static final ConfigSection<ShutdownConfig> SHUTDOWN = ConfigSection.of("lynx.shutdown", ShutdownConfig.class);
    static final ConfigSection<LogConfig> LOG = ConfigSection.of("lynx.log", LogConfig.class);
    static final ConfigSection<HealthCheckConfig> HEALTH =
            ConfigSection.of("lynx.health_check", HealthCheckConfig.class);

    static final ConfigSection<ErrorRecoveryConfig> RECOVERY =
            ConfigSection.of("lynx.error_recovery", ErrorRecoveryConfig.class);
    static final ConfigSection<CircuitBreakerSection> BREAKERS =
            ConfigSection.of("lynx.circuit_breaker", CircuitBreakerSection.class);
    static final ConfigSection<EventsConfig> EVENTS = ConfigSection.of("lynx.events", EventsConfig.class);

    private static final List<ConfigSection<?>> OWN = List.of(
            APPLICATION,
            STARTUP,
            SHUTDOWN,
            LOG,
            HEALTH,
            RECOVERY,
            MetricsConfig.SECTION,
            BREAKERS,
            EVENTS,
            ReloadConfig.SECTION);

    /** Sections that plugins of this project read, for the message when such a plugin is not there. */
    private static final Map<String, String> KNOWN_SECTIONS = Map.of(
            "lynx.http", "lynx-http",
            "lynx.admin", "lynx-admin",
            "lynx.grpc", "lynx-grpc",
            "lynx.micrometer", "lynx-micrometer",
            "lynx.opentelemetry", "lynx-opentelemetry");

    /**
     * What blueprints are drawn from, one for each reading of the sources. One thread at a time.
     *
     * @param given plugins that the application was given
     * @param discover whether others are looked for
     * @param loader where they are looked for; a thread that reloads may have another one
     */
    record Draft(
            ConfigSources sources,
            List<Plugin> given,
            boolean discover,
            @Nullable ClassLoader loader) {
        Config load() {
            return sources.load();
        }

        /** What becomes of {@code config}. */
        Blueprint draw(Config config) {
            return Blueprint.draw(config, given, discover ? ServiceLoader.load(Plugin.class, loader) : List.of());
        }
    }

    /**
     * Finds the plugins and puts them and the configuration together.
     *
     * @throws ConfigurationException with every problem that was found
     */
    private static Blueprint draw(Config config, List<Plugin> given, Iterable<Plugin> found) {
        List<ConfigProblem> problems = new ArrayList<>();
        Map<Plugin, PluginDescriptor> described = describe(config, given, found, problems);
        PluginGraph graph = PluginGraph.of(described.values(), problems);
        Set<ConfigSection<?>> sections = new LinkedHashSet<>(OWN);
        described.values().forEach(descriptor -> sections.addAll(descriptor.sections()));
        Binding binding = config.bind(sections, absent(sections));
        problems.addAll(0, binding.problems());
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        Map<String, Plugin> plugins = new LinkedHashMap<>();
        described.forEach((plugin, descriptor) -> plugins.put(descriptor.id(), plugin));
        return new Blueprint(config, binding, graph, plugins);
    }

    private static Map<String, String> absent(Set<ConfigSection<?>> sections) {
        Map<String, String> absent = new LinkedHashMap<>(KNOWN_SECTIONS);
        sections.forEach(section -> absent.remove(section.prefix()));
        return absent;
    }

    ReadConfig read() {
        return new ReadConfig(
                config, binding, graph.order().stream().map(graph::descriptor).toList());
    }

    Map<String, String> pluginNames() {
        Map<String, String> names = new LinkedHashMap<>();
        graph.order().forEach(id -> names.put(id, graph.descriptor(id).name()));
        return names;
    }

    ApplicationConfig identity() {
        return binding.get(APPLICATION);
    }

    StartupConfig startup() {
        return binding.get(STARTUP);
    }

    ShutdownConfig shutdown() {
        return binding.get(SHUTDOWN);
    }

    /** Asks each plugin what it is, once. A discovered plugin gives way to one that was given under the same id. */
    private static Map<Plugin, PluginDescriptor> describe(
            Config config, List<Plugin> given, Iterable<Plugin> found, List<ConfigProblem> problems) {
        Map<Plugin, PluginDescriptor> described = new LinkedHashMap<>();
        Set<String> ids = new LinkedHashSet<>();
        for (Plugin plugin : given) {
            PluginDescriptor descriptor = describe(plugin, problems);
            if (descriptor != null) {
                described.put(plugin, descriptor);
                ids.add(descriptor.id());
            }
        }
        for (Plugin plugin : found) {
            PluginDescriptor descriptor = describe(plugin, problems);
            if (descriptor != null && !ids.contains(descriptor.id()) && isWanted(descriptor, config)) {
                described.put(plugin, descriptor);
            }
        }
        return described;
    }

    private static boolean isWanted(PluginDescriptor descriptor, Config config) {
        return descriptor.automatic()
                || (!descriptor.sections().isEmpty()
                        && config.hasSection(descriptor.sections().getFirst()));
    }

    private static @Nullable PluginDescriptor describe(Plugin plugin, List<ConfigProblem> problems) {
        try {
            return java.util.Objects.requireNonNull(plugin.descriptor(), "it described itself as null");
        } catch (RuntimeException failure) {
            problems.add(new ConfigProblem(
                    "plugin " + plugin.getClass().getName() + ": cannot describe itself: " + failure.getMessage()));
            return null;
        }
    }
}
