package io.lynx.config;

import io.lynx.config.ConfigFiles.Choice;
import io.lynx.config.Layer.Flat.Pair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the configuration. From the lowest precedence to the highest they are: {@code config.yml} on the class
 * path, the one in the working directory (or the file that {@code --config}, {@code -Dlynx.config} or {@code
 * LYNX_CONFIG_PATH} names instead of it), the files of the profiles ({@code --profile}, {@code -Dlynx.profile} or
 * {@code LYNX_PROFILE}; several with commas), YAML texts given in code, the environment, system properties, {@code
 * --key=value} arguments, and values given in code.
 *
 * <p>{@link #load} reads the sources, each time that it is called. Not thread-safe.
 */
public final class ConfigSources {
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> texts = new java.util.LinkedHashMap<>();
    private final List<Pair> values = new ArrayList<>();
    private @Nullable Path workingDirectory;
    private @Nullable ClassLoader classLoader;

    private ConfigSources() {}

    /** Returns sources that are empty, for tests and for callers that add each source themselves. */
    public static ConfigSources none() {
        return new ConfigSources();
    }

    /**
     * Returns the sources of the running process: its environment, system properties, working directory and class path.
     */
    public static ConfigSources process(String... args) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return none().args(args)
                .environment(System.getenv())
                .systemProperties(System.getProperties())
                .workingDirectory(Path.of(""))
                .classLoader(context == null ? ClassLoader.getSystemClassLoader() : context);
    }

    /** Adds command-line arguments. {@link Config#arguments} returns those that are not configuration. */
    public ConfigSources args(String... args) {
        arguments.addAll(List.of(args));
        return this;
    }

    /** Adds environment variables. */
    ConfigSources environment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** Adds system properties. */
    ConfigSources systemProperties(Map<String, String> more) {
        properties.putAll(more);
        return this;
    }

    /** Adds system properties, except for values that are not text. */
    ConfigSources systemProperties(Properties more) {
        for (String name : more.stringPropertyNames()) {
            properties.put(name, more.getProperty(name));
        }
        return this;
    }

    /** Sets the directory that is searched for files and that relative paths start from. */
    public ConfigSources workingDirectory(Path directory) {
        workingDirectory = directory;
        return this;
    }

    /** Sets the class loader whose class path is searched for packaged files. */
    ConfigSources classLoader(ClassLoader loader) {
        classLoader = loader;
        return this;
    }

    /** Adds a YAML text, which overrides all files but not the environment. Messages refer to it by {@code name}. */
    public ConfigSources yaml(String name, String text) {
        texts.put(name, text);
        return this;
    }

    /** Sets a key, overriding all other sources. Messages refer to it by {@code source}. */
    public ConfigSources value(String key, String value, String source) {
        values.add(new Pair(key, value, Origin.of(source)));
        return this;
    }

    /** Reads every source. {@link Config#problems} contains what could not be read. */
    public Config load() {
        Arguments parsed = new Arguments(arguments);
        ConfigFiles files = new ConfigFiles(workingDirectory, classLoader);
        files.read(
                choice(parsed.config(), "--config", "lynx.config", "LYNX_CONFIG_PATH"),
                choice(parsed.profile(), "--profile", "lynx.profile", "LYNX_PROFILE"));
        texts.forEach(files::add);
        List<Layer> layers = new ArrayList<>(files.layers());
        layers.add(new Layer.Flat(propertyPairs(), Layer.PROPERTIES));
        layers.add(new Layer.Flat(parsed.pairs(), Layer.ARGUMENTS));
        layers.add(new Layer.Flat(List.copyOf(values), Layer.CODE));
        return new Config(layers, files, parsed, Map.copyOf(environment), Map.copyOf(properties), workingDirectory);
    }

    private @Nullable Choice choice(@Nullable String argument, String option, String property, String variable) {
        if (argument != null) {
            return new Choice(argument, option);
        }
        String text = properties.getOrDefault(property, "");
        if (!text.isEmpty()) {
            return new Choice(text, "-D" + property);
        }
        text = environment.getOrDefault(variable, "");
        return text.isEmpty() ? null : new Choice(text, "env " + variable);
    }

    private List<Pair> propertyPairs() {
        List<Pair> pairs = new ArrayList<>();
        properties.forEach((key, value) -> {
            if (!isOfTheRuntime(key) && !key.equals("lynx.config") && !key.equals("lynx.profile")) {
                pairs.add(new Pair(key, value, Origin.of("-D" + key)));
            }
        });
        return pairs;
    }

    /**
     * Returns whether a property belongs to the JVM, so that it does not set keys of a section named {@code user} or
     * {@code file}.
     */
    private static boolean isOfTheRuntime(String key) {
        int dot = key.indexOf('.');
        return switch (dot < 0 ? key : key.substring(0, dot)) {
            case "java", "jdk", "sun", "os", "user", "file", "line", "path", "native", "stdin", "stdout", "stderr" ->
                true;
            default -> false;
        };
    }
}
