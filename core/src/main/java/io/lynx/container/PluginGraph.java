package io.lynx.container;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.plugin.Dependency;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.Version;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The order in which plugins depend on each other. It is built once from the descriptors, and all problems in them are
 * reported together. Immutable and thread-safe.
 */
public final class PluginGraph {
    private final Map<String, PluginDescriptor> plugins;
    private final Map<String, Set<String>> dependencies;
    private final Map<String, Set<String>> dependants;
    private final Map<String, List<Set<String>>> requirements;
    private final List<String> order;

    private PluginGraph(Resolution resolved, List<String> order) {
        this.plugins = resolved.plugins;
        this.dependencies = resolved.dependencies;
        this.dependants = resolved.dependants;
        this.requirements = resolved.requirements;
        this.order = order;
    }

    /**
     * Builds the graph of {@code descriptors}.
     *
     * @param withoutSection ids and capabilities of plugins that are left out because the section, which is the value, is not
     *     configured
     * @param problems receives one entry for each problem; if there is one, the graph is incomplete and must not be started
     */
    public static PluginGraph of(
            Collection<PluginDescriptor> descriptors,
            Map<String, String> withoutSection,
            Collection<ConfigProblem> problems) {
        return new Resolution(withoutSection, problems).resolve(descriptors);
    }

    /**
     * Returns the descriptor of {@code id}.
     *
     * @throws IllegalArgumentException if it is not in the graph
     */
    public PluginDescriptor descriptor(String id) {
        PluginDescriptor descriptor = plugins.get(id);
        if (descriptor == null) {
            throw new IllegalArgumentException("plugin: '" + id + "' is not part of this application; " + order);
        }
        return descriptor;
    }

    /** Returns all ids, each after its dependencies, in the order in which a single thread would start the plugins. */
    public List<String> order() {
        return order;
    }

    /** Returns the plugins that provide a capability. */
    Set<String> providers(String capability) {
        Set<String> found = new LinkedHashSet<>();
        for (PluginDescriptor plugin : plugins.values()) {
            if (plugin.provides().containsKey(capability)) {
                found.add(plugin.id());
            }
        }
        return found;
    }

    /** Returns the direct dependencies of {@code id}. */
    Set<String> dependencies(String id) {
        return dependencies.getOrDefault(id, Set.of());
    }

    /** Returns the plugins that depend on {@code id} directly. */
    Set<String> dependants(String id) {
        return dependants.getOrDefault(id, Set.of());
    }

    /**
     * Returns the requirements of {@code id} of which every provider is {@code down}; empty if all are satisfied.
     */
    Set<String> unsatisfied(String id, Predicate<String> down) {
        Set<String> missing = new LinkedHashSet<>();
        for (Set<String> providers : requirements.getOrDefault(id, List.of())) {
            boolean anyUp = false;
            for (String provider : providers) {
                anyUp |= !down.test(provider);
            }
            if (!anyUp) {
                missing.addAll(providers);
            }
        }
        return missing;
    }

    /** Returns {@code id} and everything that depends on it, directly or not. */
    Set<String> withDependants(String id) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(id));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (found.add(next)) {
                open.addAll(dependants(next));
            }
        }
        return found;
    }

    /** The state of one resolution. */
    private static final class Resolution {
        private final Map<String, String> withoutSection;
        private final Collection<ConfigProblem> problems;
        private final Map<String, PluginDescriptor> plugins = new LinkedHashMap<>();
        private final List<String> management = new ArrayList<>();
        private final Map<String, List<PluginDescriptor>> providers = new HashMap<>();
        private final Map<String, Set<String>> dependencies = new HashMap<>();
        private final Map<String, Set<String>> dependants = new HashMap<>();
        private final Map<String, List<Set<String>>> requirements = new HashMap<>();

        Resolution(Map<String, String> withoutSection, Collection<ConfigProblem> problems) {
            this.withoutSection = withoutSection;
            this.problems = problems;
        }

        PluginGraph resolve(Collection<PluginDescriptor> descriptors) {
            for (PluginDescriptor descriptor : descriptors) {
                PluginDescriptor other = plugins.putIfAbsent(descriptor.id(), descriptor);
                if (other != null) {
                    problem("plugin '" + descriptor.id() + "': two plugins have this id ('" + other.name() + "' "
                            + other.version() + " and '" + descriptor.name() + "' " + descriptor.version()
                            + "); give one of them another id or remove it");
                }
            }
            for (PluginDescriptor plugin : plugins.values()) {
                if (plugin.stage() == PluginDescriptor.Stage.MANAGEMENT) {
                    management.add(plugin.id());
                }
                provider(plugin.id(), plugin);
                for (String capability : plugin.provides().keySet()) {
                    provider(capability, plugin);
                }
            }
            for (PluginDescriptor plugin : plugins.values()) {
                connect(plugin);
            }
            return new PluginGraph(this, sort());
        }

        private void provider(String id, PluginDescriptor plugin) {
            providers.computeIfAbsent(id, _ -> new ArrayList<>()).add(plugin);
        }

        private void connect(PluginDescriptor plugin) {
            for (Dependency dependency : plugin.dependencies()) {
                if (dependency.id().equals(plugin.id())) {
                    problem("plugin '" + plugin.id() + "': depends on itself (" + dependency.kind() + " '"
                            + dependency.id() + "'); remove this dependency");
                    continue;
                }
                List<PluginDescriptor> others = new ArrayList<>();
                List<PluginDescriptor> matching = new ArrayList<>();
                for (PluginDescriptor other : providers.getOrDefault(dependency.id(), List.of())) {
                    if (!other.id().equals(plugin.id())) {
                        others.add(other);
                        if (dependency.versions().allows(versionAs(other, dependency.id()))) {
                            matching.add(other);
                        }
                    }
                }
                switch (dependency.kind()) {
                    case REQUIRED -> require(plugin, dependency, others, matching);
                    case OPTIONAL -> {
                        if (others.isEmpty() || !matching.isEmpty()) {
                            for (PluginDescriptor other : matching) {
                                edge(plugin.id(), other.id());
                            }
                        } else {
                            incompatible(plugin, dependency, others);
                        }
                    }
                    case CONFLICT ->
                        matching.forEach(other -> problem("plugin '" + plugin.id() + "': conflicts with '" + other.id()
                                + "' " + other.version() + "; remove one of the two"));
                }
            }
            if (plugin.stage() == PluginDescriptor.Stage.SERVICE) {
                for (String other : management) {
                    edge(plugin.id(), other);
                }
            }
        }

        private void require(
                PluginDescriptor plugin,
                Dependency dependency,
                List<PluginDescriptor> others,
                List<PluginDescriptor> matching) {
            if (others.isEmpty()) {
                problem("plugin '" + plugin.id() + "': requires '" + dependency.id() + "'"
                        + (dependency.versions().isAny() ? "" : " " + dependency.versions())
                        + missing(dependency.id()));
            } else if (matching.isEmpty()) {
                incompatible(plugin, dependency, others);
            } else {
                Set<String> ids = new TreeSet<>();
                for (PluginDescriptor other : matching) {
                    edge(plugin.id(), other.id());
                    ids.add(other.id());
                }
                requirements
                        .computeIfAbsent(plugin.id(), _ -> new ArrayList<>())
                        .add(ids);
            }
        }

        private String missing(String id) {
            String section = withoutSection.get(id);
            return section == null
                    ? ", which is missing; add a plugin with this id or one that provides it"
                    : ", which is on the class path but has no section " + section
                            + "; add this section to the configuration";
        }

        private void incompatible(PluginDescriptor plugin, Dependency dependency, List<PluginDescriptor> others) {
            for (PluginDescriptor other : others) {
                problem("plugin '" + plugin.id() + "': requires '" + dependency.id() + "' in version "
                        + dependency.versions() + " but '" + other.id() + "' has "
                        + versionAs(other, dependency.id()) + "; change one of the two versions");
            }
        }

        private static Version versionAs(PluginDescriptor plugin, String id) {
            return plugin.id().equals(id) ? plugin.version() : plugin.provides().getOrDefault(id, plugin.version());
        }

        private void edge(String from, String to) {
            dependencies.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
            dependants.computeIfAbsent(to, _ -> new LinkedHashSet<>()).add(from);
        }

        /** Kahn's algorithm, with the start order among those that are ready. */
        private List<String> sort() {
            Map<String, Integer> missing = new HashMap<>();
            PriorityQueue<PluginDescriptor> ready = new PriorityQueue<>(StartOrder.INSTANCE);
            for (PluginDescriptor plugin : plugins.values()) {
                int count = dependencies.getOrDefault(plugin.id(), Set.of()).size();
                missing.put(plugin.id(), count);
                if (count == 0) {
                    ready.add(plugin);
                }
            }
            List<String> sorted = new ArrayList<>(plugins.size());
            for (PluginDescriptor next = ready.poll(); next != null; next = ready.poll()) {
                sorted.add(next.id());
                for (String dependant : dependants.getOrDefault(next.id(), Set.of())) {
                    if (missing.merge(dependant, -1, Integer::sum) == 0) {
                        ready.add(java.util.Objects.requireNonNull(plugins.get(dependant)));
                    }
                }
            }
            if (sorted.size() < plugins.size()) {
                reportCycles(new LinkedHashSet<>(sorted));
            }
            return List.copyOf(sorted);
        }

        /** Follows dependencies among the unsorted until one comes up again; each cycle is reported once. */
        private void reportCycles(Set<String> done) {
            for (String start : plugins.keySet()) {
                List<String> path = new ArrayList<>();
                String at = start;
                while (!done.contains(at) && !path.contains(at)) {
                    path.add(at);
                    at = dependencies.getOrDefault(at, Set.of()).stream()
                            .filter(next -> !done.contains(next))
                            .findFirst()
                            .orElse(start);
                }
                if (!done.contains(at) && path.contains(at)) {
                    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
                    cycle.add(at);
                    problem("plugins: " + String.join(" → ", cycle)
                            + " form a dependency cycle; remove one of these dependencies");
                }
                done.addAll(path);
            }
        }

        private void problem(String message) {
            problems.add(new ConfigProblem(message));
        }
    }
}
