package io.lynx.plugin;

import io.lynx.config.ConfigSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The description of a plugin: its identity, dependencies and configuration. Immutable.
 *
 * @param id unique in an application: lower-case letters, digits, dots and dashes, starting with a letter
 * @param name the name that operators see
 * @param version the plugin's version
 * @param weight among plugins that could start at the same time, the one with the higher weight starts first
 * @param stage when it starts and stops relative to the others
 * @param required whether the application fails if the plugin fails to start; otherwise the application is degraded
 * @param automatic whether it starts if it is found on the class path; otherwise its section must be configured
 * @param dependencies its relations to other plugins
 * @param provides capabilities that it provides besides its id, with their versions; plugins can depend on them
 * @param sections the sections of the configuration that it reads; the first is its main one
 */
public record PluginDescriptor(
        String id,
        String name,
        Version version,
        int weight,
        Stage stage,
        boolean required,
        boolean automatic,
        List<Dependency> dependencies,
        Map<String, Version> provides,
        List<ConfigSection<?>> sections) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

    /** When a plugin starts and stops relative to the others. */
    public enum Stage {
        /** Starts before all others and stops after them, such as the operations endpoints. */
        MANAGEMENT,
        /** Everything else. */
        SERVICE
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if the id or a provided capability is malformed or reserved
     */
    public PluginDescriptor {
        requireId(id);
        provides.keySet().forEach(PluginDescriptor::requireId);
        dependencies = List.copyOf(dependencies);
        provides = Map.copyOf(provides);
        sections = List.copyOf(sections);
    }

    /** Returns a builder for the plugin {@code id}. The name defaults to the id, the version to 1.0.0. */
    public static Builder of(String id) {
        return new Builder(id);
    }

    private static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("plugin id: '" + id
                    + "'; write lower-case letters and digits in parts joined by single dots or dashes, starting"
                    + " with a letter");
        }
        if (id.equals("lynx") || id.startsWith("lynx.")) {
            throw new IllegalArgumentException("plugin id: '" + id + "' is reserved for the framework; choose another");
        }
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private String name;
        private Version version = Version.of("1.0.0");
        private int weight;
        private Stage stage = Stage.SERVICE;
        private boolean required = true;
        private boolean automatic;
        private final List<Dependency> dependencies = new ArrayList<>();
        private final Map<String, Version> provides = new LinkedHashMap<>();
        private final List<ConfigSection<?>> sections = new ArrayList<>();

        private Builder(String id) {
            this.id = id;
            this.name = id;
        }

        /** Sets the name that operators see. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Sets the plugin's version, such as {@code 1.4.0}.
         *
         * @throws IllegalArgumentException if it is malformed
         */
        public Builder version(String version) {
            this.version = Version.of(version);
            return this;
        }

        /** Sets the weight: among plugins that could start at the same time, the higher weight starts first. */
        public Builder weight(int weight) {
            this.weight = weight;
            return this;
        }

        /** Makes it start before all plugins of the service and stop after them. */
        public Builder management() {
            this.stage = Stage.MANAGEMENT;
            return this;
        }

        /** Lets the application run without it: if it fails to start, the application is degraded. */
        public Builder optional() {
            this.required = false;
            return this;
        }

        /** Makes it start if it is found on the class path, even if its section is not configured. */
        public Builder automatic() {
            this.automatic = true;
            return this;
        }

        /** Requires the plugin or capability {@code id}, in any version. It starts first. */
        public Builder requires(String id) {
            return requires(id, "*");
        }

        /**
         * Requires the plugin or capability {@code id} in a version that {@code range} allows.
         *
         * @throws IllegalArgumentException if the range is malformed or allows no version
         */
        public Builder requires(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.REQUIRED, id, VersionRange.of(range)));
            return this;
        }

        /** Uses the plugin or capability {@code id} if it is present, and then starts after it. */
        public Builder uses(String id) {
            return uses(id, "*");
        }

        /**
         * Uses the plugin or capability {@code id} if it is present; its version must then be in {@code range}.
         *
         * @throws IllegalArgumentException if the range is malformed or allows no version
         */
        public Builder uses(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.OPTIONAL, id, VersionRange.of(range)));
            return this;
        }

        /** Refuses to run in one application with {@code id}. */
        public Builder conflictsWith(String id) {
            return conflictsWith(id, "*");
        }

        /**
         * Refuses to run in one application with a version of {@code id} in {@code range}.
         *
         * @throws IllegalArgumentException if the range is malformed or allows no version
         */
        public Builder conflictsWith(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.CONFLICT, id, VersionRange.of(range)));
            return this;
        }

        /**
         * Provides the capability {@code id}: this plugin satisfies those that require it.
         *
         * @throws IllegalArgumentException if the version is malformed
         */
        public Builder provides(String id, String version) {
            provides.put(id, Version.of(version));
            return this;
        }

        /**
         * Adds a section of the configuration that the plugin reads. The first is its main one: a plugin that is found on the
         * class path starts if that section is present.
         *
         * @throws IllegalArgumentException if it already reads a section with this prefix or of this type
         */
        public Builder config(String prefix, Class<? extends Record> type) {
            for (ConfigSection<?> other : sections) {
                if (other.prefix().equals(prefix) || other.type() == type) {
                    throw new IllegalArgumentException("plugin '" + id + "': the section '" + prefix + "' as "
                            + type.getName() + " collides with '" + other.prefix() + "' as "
                            + other.type().getName() + "; each needs a prefix and a type of its own");
                }
            }
            sections.add(ConfigSection.of(prefix, type));
            return this;
        }

        /**
         * Returns the description.
         *
         * @throws IllegalArgumentException if the id or a provided capability is malformed or reserved
         */
        public PluginDescriptor build() {
            return new PluginDescriptor(
                    id, name, version, weight, stage, required, automatic, dependencies, provides, sections);
        }
    }
}
