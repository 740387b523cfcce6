package io.lynx.systemtest.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Collects how a service is to be started: its main class, options, configuration and surroundings. The child's working
 * directory is a new one of its own, and of the variables of this process it sees no {@code LYNX_*} and none that would
 * change a JVM. Not thread-safe.
 */
public final class Launch {
    /** Of several examples, only one can bring the configuration. */
    private static final List<String> FURTHER_EXAMPLES = List.of("inventory", "worker");

    private final String main;
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private Wrapper wrapper = Wrapper.PLAIN;
    private String classPath;
    private int cpus;
    private boolean onTerminal;
    private int openFiles;

    private Launch(String main) {
        this.main = main;
        this.classPath = classPathOfTests();
        FURTHER_EXAMPLES.stream()
                .filter(example -> !main.startsWith("io.lynx.examples." + example + "."))
                .forEach(example -> withoutClassPath("/examples/" + example + "/"));
    }

    /** A start of this class, from the class path of the tests. */
    public static Launch of(Class<?> main) {
        return new Launch(main.getName());
    }

    /** What stands between. */
    public Launch wrapper(Wrapper wrapper) {
        this.wrapper = wrapper;
        return this;
    }

    /** Options of the JVM, before the class. */
    public Launch options(String... options) {
        this.options.addAll(List.of(options));
        return this;
    }

    /** Arguments of the program. */
    public Launch arguments(String... arguments) {
        this.arguments.addAll(List.of(arguments));
        return this;
    }

    /** An environment variable. */
    public Launch variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** A file in the working directory, such as {@code config.yml}. */
    public Launch file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** Leaves out what has {@code part} in its path, with the configuration that it would bring. */
    public Launch withoutClassPath(String part) {
        classPath = without(classPath, part);
        return this;
    }

    private static String without(String classPath, String part) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.contains(part))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Lets it use so many processors only, each with one carrier of virtual threads. */
    public Launch onCpus(int count) {
        cpus = count;
        return options(
                "-XX:ActiveProcessorCount=" + count,
                "-Djdk.virtualThreadScheduler.parallelism=" + count,
                "-Djdk.virtualThreadScheduler.maxPoolSize=" + count);
    }

    /** Gives it a terminal as its standard input and output, as a developer's shell does. */
    public Launch onTerminal() {
        onTerminal = true;
        return this;
    }

    /** Limits the files and sockets that it may have open. */
    public Launch openFiles(int limit) {
        openFiles = limit;
        return this;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        if (cpus > 0) {
            command.addAll(List.of("taskset", "-c", "0-" + (cpus - 1)));
        }
        if (openFiles > 0) {
            command.addAll(List.of("prlimit", "--nofile=" + openFiles + ":" + openFiles));
        }
        command.add(java());
        command.addAll(jvmArguments());
        List<String> wrapped = wrapper.wrap(command.getFirst(), command.subList(1, command.size()));
        return onTerminal ? onTerminal(wrapped) : wrapped;
    }

    /** The variable CI says that the output is recorded, which the output of this terminal is not. */
    private static List<String> onTerminal(List<String> command) {
        String line = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "exec ", ""));
        return List.of("env", "-u", "CI", "script", "--quiet", "--flush", "--return", "--command", line, "/dev/null");
    }

    /** Starts it; the caller closes it. */
    public ServiceProcess start() {
        try {
            Path directory = Files.createTempDirectory("lynx-system-test-");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
            var builder = new ProcessBuilder(command());
            builder.directory(directory.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(Launch::isOurs);
            environment.putAll(variables);
            return new ServiceProcess(builder.start(), wrapper, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts another program than this JVM's, in a directory that is removed when the caller closes the process. */
    public static ServiceProcess program(Path directory, Map<String, String> variables, String... command) {
        List<String> line = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT,TERM"));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().keySet().removeIf(Launch::isOurs);
        builder.environment().putAll(variables);
        try {
            return new ServiceProcess(builder.start(), Wrapper.PLAIN, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith("LYNX_")
                || variable.startsWith("KUBERNETES_")
                || variable.equals("NOTIFY_SOCKET")
                || variable.endsWith("JAVA_OPTIONS")
                || variable.equals("JAVA_TOOL_OPTIONS");
    }

    private List<String> jvmArguments() {
        // A small, quickly started JVM: several run at once.
        var all = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED"));
        all.addAll(options);
        all.add("-cp");
        all.add(classPath);
        all.add(main);
        all.addAll(arguments);
        return all;
    }

    /** Returns the program {@code java} of this JVM. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns the class path of the tests. */
    public static String classPathOfTests() {
        return Objects.requireNonNullElseGet(
                System.getProperty("surefire.test.class.path"), () -> System.getProperty("java.class.path"));
    }
}
