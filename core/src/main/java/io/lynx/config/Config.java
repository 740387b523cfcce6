package io.lynx.config;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of all sources, merged and not yet bound to types. It can be bound any number of times. Loading the
 * sources again returns a new one, which can be compared with this one. Immutable and thread-safe.
 */
public final class Config {
    private static final String ROOT = "lynx";
    private static final Set<String> CHOICES = Set.of("LYNX_CONFIG_PATH", "LYNX_PROFILE");

    private final List<Layer> layers;
    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final @Nullable Path workingDirectory;
    private final boolean isIncomplete;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> warnings;
    private final List<Path> files;
    private final FileContents contents;
    private final List<String> sources;
    private final List<String> profiles;
    private final List<String> arguments;

    Config(
            List<Layer> layers,
            ConfigFiles read,
            Arguments parsed,
            Map<String, String> environment,
            Map<String, String> properties,
            @Nullable Path workingDirectory) {
        this.layers = layers;
        this.environment = environment;
        this.properties = properties;
        this.workingDirectory = workingDirectory;
        this.isIncomplete = !read.problems().isEmpty();
        this.files = List.copyOf(read.files());
        this.contents = read.contents();
        this.sources = List.copyOf(read.sources());
        this.profiles = List.copyOf(read.profiles());
        List<String> warned = new ArrayList<>(read.warnings());
        warned.addAll(parsed.warnings());
        this.warnings = List.copyOf(warned);
        this.arguments = List.copyOf(parsed.rest());
        problems.addAll(parsed.problems());
        problems.addAll(read.problems());
        tree(problems);
    }

    private ConfigNode tree(List<ConfigProblem> found) {
        ConfigNode root = new ConfigNode(Origin.DEFAULT);
        for (Layer layer : layers) {
            layer.addTo(root, found);
        }
        return root;
    }

    /** Returns the problems of the sources themselves: unreadable files, invalid YAML, unusable arguments. */
    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    /** Returns the files that were read; later ones override earlier ones. */
    List<Path> files() {
        return files;
    }

    /** Returns the contents of those files. */
    public FileContents contents() {
        return contents;
    }

    /** Returns the names of the files and class path resources that were read, for the log. */
    public List<String> sources() {
        return sources;
    }

    /** Returns the profiles whose files were read, such as {@code prod}; later ones override earlier ones. */
    public List<String> profiles() {
        return profiles;
    }

    /** Returns the command-line arguments that are not configuration. */
    List<String> arguments() {
        return arguments;
    }

    /**
     * Returns whether a file, system property or argument mentions the section. Environment variables can be matched
     * only with the section's type, so they do not count.
     */
    boolean hasSection(String prefix) {
        return tree(new ArrayList<>()).find(prefix) != null;
    }

    /**
     * Returns whether any source, including an environment variable of one of its keys, sets or mentions the section.
     */
    public boolean hasSection(ConfigSection<?> section) {
        ConfigNode root = tree(new ArrayList<>());
        new EnvironmentVariables(environment, new ArrayList<>())
                .addTo(root, section.prefix(), RecordSchema.of(section.type()));
        return root.find(section.prefix()) != null;
    }

    /**
     * Returns the names that users chose for sections of one type directly below {@code section}, such as {@code orders} of
     * {@code lynx.jdbc.orders.url}. A key of the section's own record is not a name. An environment variable counts only for
     * {@code section} itself.
     *
     * @return the names in the order of the files; the empty text stands for {@code section} itself, if one of its keys is set
     */
    public List<String> instances(ConfigSection<?> section) {
        ConfigNode root = tree(new ArrayList<>());
        RecordSchema schema = RecordSchema.of(section.type());
        new EnvironmentVariables(environment, new ArrayList<>()).addTo(root, section.prefix(), schema);
        ConfigNode node = root.find(section.prefix());
        Set<String> names = new LinkedHashSet<>();
        if (node != null) {
            node.children().forEach((key, child) -> {
                if (schema.hasKey(key)) {
                    names.add("");
                } else if (!child.children().isEmpty()) {
                    names.add(key);
                }
            });
        }
        return List.copyOf(names);
    }

    /** Binds as {@link #bind(Collection, Map)} does, with no known plugins that are not installed. */
    public Binding bind(ConfigSection<?>... sections) {
        return bind(List.of(sections), Map.of());
    }

    /**
     * Binds and validates sections. A key under {@code lynx.} or inside a section that no record reads is a problem;
     * other keys belong to the application.
     *
     * @param sections all sections that will be read
     * @param plugins sections of known plugins, and the artifact that contains each; a plugin whose section is not
     *     bound counts as not installed
     * @throws IllegalArgumentException if a section's record has a component that cannot be configured
     */
    public Binding bind(Collection<? extends ConfigSection<?>> sections, Map<String, String> plugins) {
        List<String> warned = new ArrayList<>(warnings);
        ConfigNode root = tree(new ArrayList<>());
        EnvironmentVariables variables = new EnvironmentVariables(environment, warned);
        Map<ConfigSection<?>, RecordSchema> schemas = new LinkedHashMap<>();
        Map<String, ConfigKey> known = new HashMap<>();
        for (ConfigSection<?> section : new LinkedHashSet<>(sections)) {
            RecordSchema schema = RecordSchema.of(section.type());
            schemas.put(section, schema);
            variables.addTo(root, section.prefix(), schema);
            List<ConfigKey> keys = new ArrayList<>();
            ConfigKey.addAll(section.prefix(), schema, keys);
            for (ConfigKey key : keys) {
                known.put(key.key(), key);
            }
        }
        Map<String, String> missing = new HashMap<>(plugins);
        for (ConfigSection<?> section : schemas.keySet()) {
            missing.remove(section.prefix());
        }
        variables.warnOfUnused("LYNX_", CHOICES, missing);
        Set<String> own = new LinkedHashSet<>();
        for (ConfigSection<?> section : schemas.keySet()) {
            if (!section.prefix().equals(ROOT) && !section.prefix().startsWith(ROOT + ".")) {
                own.add(section.prefix());
            }
        }
        for (String prefix : own) {
            variables.warnOfMistaken(prefix);
        }

        Found found = new Found();
        Expansion expansion = new Expansion(root, environment, properties, known, workingDirectory);
        Binder binder = new Binder(expansion, found, isIncomplete);
        Map<ConfigSection<?>, Object> records = new HashMap<>();
        for (Map.Entry<ConfigSection<?>, RecordSchema> entry : schemas.entrySet()) {
            String prefix = entry.getKey().prefix();
            records.put(entry.getKey(), binder.record(prefix, entry.getValue(), root.find(prefix)));
        }
        new UnknownKeys(found, known.keySet(), missing).addFrom(root, schemas.keySet(), ROOT);

        List<ConfigProblem> all = new ArrayList<>(problems);
        all.addAll(found.problems());
        return new Binding(records, all, warned, found.entries());
    }

    /**
     * An entry of the effective configuration. Immutable.
     *
     * @param key in full
     * @param value the value after expansion; {@code ***} for a secret, empty if there is none
     * @param defaultValue as it would be written; empty if there is none
     * @param source the origin of the value: {@code config.yml:12}, {@code env LYNX_METRICS_PORT}, {@code
     *     -Dlynx.http.port}, {@code --lynx.http.port} or {@code default}
     * @param doc the meaning of the key
     */
    public record ConfigEntry(String key, String value, String defaultValue, String source, String doc) {}
}
