package io.lynx.app;

import io.lynx.app.reload.ReadConfig;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.config.Binding;
import io.lynx.config.Config;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.container.PluginGraph;
import io.lynx.event.EventsConfig;
import io.lynx.health.HealthCheckConfig;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.Plugin;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.resilience.CircuitBreakerSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is known of an application before anything is opened: its bound configuration and its plugin graph. Immutable. */
record Blueprint(
        Config config, Binding binding, PluginGraph graph, Map<String, Plugin> plugins, List<String> warnings) {
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

    /** Not a section itself: those below it have the names of leaderships. */
    private static final ConfigSection<LeadershipConfig> LEADERSHIP =
            ConfigSection.of(LeadershipConfig.PREFIX, LeadershipConfig.class);

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
    private static final Map<String, String> KNOWN_SECTIONS = Map.ofEntries(
            Map.entry("lynx.admin", "lynx-admin"),
            Map.entry("lynx.grpc", "lynx-grpc"),
            Map.entry("lynx.http", "lynx-http"),
            Map.entry("lynx.inbox", "lynx-jdbc"),
            Map.entry("lynx.jdbc", "lynx-jdbc"),
            Map.entry("lynx.kafka", "lynx-kafka"),
            Map.entry("lynx.micrometer", "lynx-micrometer"),
            Map.entry("lynx.openapi", "lynx-openapi"),
            Map.entry("lynx.opentelemetry", "lynx-opentelemetry"),
            Map.entry("lynx.outbox", "lynx-jdbc"),
            Map.entry("lynx.redis", "lynx-redis"),
            Map.entry("lynx.security", "lynx-security"));

    /** Reads the sources and makes a blueprint of them, at the start and at each reload. One thread at a time. */
    static final class Draft {
        private static final String READING = "reading the configuration";

        private final ConfigSources sources;
        private final List<Plugin> given;
        private final UnaryOperator<Plugin> decoration;
        private final boolean discover;
        private final @Nullable ClassLoader loader;
        private final Map<String, String> environment;
        private final CompletableFuture<Duration> budget = new CompletableFuture<>();
        private volatile String current = READING;

        /**
         * Creates a draft, which reads nothing before it is loaded.
         *
         * @param given plugins that the application was given
         * @param decoration replaces each plugin, discovered ones included
         * @param discover whether others are looked for
         * @param loader where they are looked for; a thread that reloads may have another one
         * @param environment the environment of the process
         */
        Draft(
                ConfigSources sources,
                List<Plugin> given,
                UnaryOperator<Plugin> decoration,
                boolean discover,
                @Nullable ClassLoader loader,
                Map<String, String> environment) {
            this.sources = sources;
            this.given = List.copyOf(given);
            this.decoration = decoration;
            this.discover = discover;
            this.loader = loader;
            this.environment = Map.copyOf(environment);
        }

        /** Completes with the configured budget of the start as soon as it is known. */
        CompletableFuture<Duration> budget() {
            return budget;
        }

        /** Returns what it is doing, for the report of a start or a reload that hangs. */
        String current() {
            return current;
        }

        Config load() {
            current = READING;
            Config config = sources.load();
            StartupConfig startup = config.bind(STARTUP).find(STARTUP);
            if (startup != null) {
                budget.complete(startup.timeout());
            }
            return config;
        }

        /**
         * Finds the plugins and puts them and the configuration together.
         *
         * @throws ConfigurationException with every problem that was found
         */
        Blueprint draw(Config config) {
            List<ConfigProblem> problems = new ArrayList<>();
            DescribedPlugins described = new DescribedPlugins(config, decoration, call -> current = "calling " + call);
            described.add(given);
            if (discover) {
                described.discover(loader);
                described.discoverFamilies(loader);
            }
            described.addCompanions();
            problems.addAll(described.problems());
            PluginGraph graph = PluginGraph.of(described.descriptors(), described.withoutSection(), problems);
            Set<ConfigSection<?>> sections = new LinkedHashSet<>(OWN);
            described.descriptors().forEach(descriptor -> sections.addAll(descriptor.sections()));
            for (String leadership : config.instances(LEADERSHIP)) {
                if (!leadership.isEmpty()) {
                    sections.add(LeadershipConfig.section(leadership));
                }
            }
            current = "binding the configuration to records";
            Binding binding = config.bind(sections, absent(sections, described.families()));
            problems.addAll(0, binding.problems());
            problems.addAll(PluginTimeoutProblems.of(binding, described.ids()));
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return new Blueprint(config, binding, graph, described.byId(), warnings(binding));
        }

        private List<String> warnings(Binding binding) {
            List<String> warnings = new ArrayList<>(binding.warnings());
            ShutdownConfig shutdown = binding.get(SHUTDOWN);
            String capped = shutdown.drainDelay().capWarning(environment, shutdown.timeout());
            if (capped != null) {
                warnings.add(capped);
            }
            return warnings;
        }
    }

    private static Map<String, String> absent(Set<ConfigSection<?>> sections, Set<String> families) {
        Map<String, String> absent = new LinkedHashMap<>(KNOWN_SECTIONS);
        absent.keySet().removeAll(families);
        sections.forEach(section -> absent.remove(section.prefix()));
        return absent;
    }

    ReadConfig read() {
        return new ReadConfig(
                config, binding, graph.order().stream().map(graph::descriptor).toList(), warnings);
    }

    Map<String, String> pluginNames() {
        Map<String, String> names = new LinkedHashMap<>();
        graph.order().forEach(id -> names.put(id, graph.descriptor(id).name()));
        return names;
    }

    /** Returns whether the plugin with this id overrides {@link Plugin#health}. */
    boolean hasOwnHealth(String id) {
        Plugin plugin = plugins.get(id);
        try {
            return plugin != null && plugin.getClass().getMethod("health").getDeclaringClass() != Plugin.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return true;
        }
    }

    /** Warns of the sections of leaderships for which no plugin is a candidate once all plugins have started. */
    List<String> unusedLeaderships(Set<String> used) {
        return config.instances(LEADERSHIP).stream()
                .filter(name -> !name.isEmpty() && !used.contains(name))
                .map(name -> LeadershipConfig.PREFIX + "." + name + ": no plugin is a candidate for this leadership; "
                        + (used.isEmpty()
                                ? "remove the section"
                                : "correct the name (in use: " + String.join(", ", used) + ") or remove the section"))
                .toList();
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
}
