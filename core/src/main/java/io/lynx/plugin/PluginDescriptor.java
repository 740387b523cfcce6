package io.lynx.plugin;

import io.lynx.config.ConfigSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a plugin is and what it needs. Immutable.
 *
 * @param id unique in an application; lower-case letters, digits, dots and dashes, starting with a letter
 * @param name for people
 * @param version its own
 * @param weight among plugins that could start at the same time, the heavier starts first
 * @param stage when it runs in respect to the others
 * @param required whether the application fails when it fails to start; one that is not leaves it degraded
 * @param automatic whether it starts when it is merely found on the class path; others need their section to be there
 * @param dependencies what must run before it, may, or must not be there
 * @param provides capabilities it offers beside its id, with their versions; others can depend on them
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

    /** When a plugin runs in respect to the others. */
    public enum Stage {
        /** Starts before all others and stops after them: what an operator looks through. */
        MANAGEMENT,
        /** Everything else. */
        SERVICE
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if the id or a provided capability is not a legal id
     */
    public PluginDescriptor {
        requireId(id);
        provides.keySet().forEach(PluginDescriptor::requireId);
        dependencies = List.copyOf(dependencies);
        provides = Map.copyOf(provides);
        sections = List.copyOf(sections);
    }

    /** Starts a description; the version is 1.0.0 and the name is the id until said otherwise. */
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

    /** Collects a description. Not thread-safe. */
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

        /** Its name for people. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /**
         * Its own version, such as {@code 1.4.0}.
         *
         * @throws IllegalArgumentException if it is not a version
         */
        public Builder version(String version) {
            this.version = Version.of(version);
            return this;
        }

        /** Among plugins that could start at the same time, the heavier starts first. */
        public Builder weight(int weight) {
            this.weight = weight;
            return this;
        }

        /** Makes it one that starts before all plugins of the service and stops after them. */
        public Builder management() {
            this.stage = Stage.MANAGEMENT;
            return this;
        }

        /** The application may run without it: a failure to start leaves the application degraded. */
        public Builder optional() {
            this.required = false;
            return this;
        }

        /** Found on the class path, it starts even if its section of the configuration is absent. */
        public Builder automatic() {
            this.automatic = true;
            return this;
        }

        /** It needs the plugin or capability {@code id}, in any version. */
        public Builder requires(String id) {
            return requires(id, "*");
        }

        /**
         * It needs the plugin or capability {@code id} in a version that {@code range} allows.
         *
         * @throws IllegalArgumentException if the range is not one
         */
        public Builder requires(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.REQUIRED, id, VersionRange.of(range)));
            return this;
        }

        /** It uses the plugin or capability {@code id} if there is one, and then starts after it. */
        public Builder uses(String id) {
            return uses(id, "*");
        }

        /**
         * It uses the plugin or capability {@code id} if there is one, which must then have a version in {@code range}.
         *
         * @throws IllegalArgumentException if the range is not one
         */
        public Builder uses(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.OPTIONAL, id, VersionRange.of(range)));
            return this;
        }

        /** It cannot run in one application with {@code id}. */
        public Builder conflictsWith(String id) {
            return conflictsWith(id, "*");
        }

        /**
         * It cannot run in one application with a version of {@code id} in {@code range}.
         *
         * @throws IllegalArgumentException if the range is not one
         */
        public Builder conflictsWith(String id, String range) {
            dependencies.add(new Dependency(Dependency.Kind.CONFLICT, id, VersionRange.of(range)));
            return this;
        }

        /**
         * It offers the capability {@code id}: who needs that is content with this plugin.
         *
         * @throws IllegalArgumentException if the version is not one
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
         * The finished description.
         *
         * @throws IllegalArgumentException if the id or a provided capability is not a legal id
         */
        public PluginDescriptor build() {
            return new PluginDescriptor(
                    id, name, version, weight, stage, required, automatic, dependencies, provides, sections);
        }
    }
}
