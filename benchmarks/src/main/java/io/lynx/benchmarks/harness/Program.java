package io.lynx.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A service that can be started as a process. Immutable.
 *
 * @param name its name in the results
 * @param options the options that its JVM always receives
 * @param launch the class path and main class, or the jar
 * @param arguments its arguments; {@code PORT} in them stands for the port to serve on
 */
public record Program(String name, List<String> options, List<String> launch, List<String> arguments) {
    private static final List<String> OWN_OPTIONS = List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    private static final List<String> OWN_ARGUMENTS = List.of(
            "--lynx.application.name=benchmark",
            "--lynx.application.version=1.0.0",
            "--lynx.http.host=127.0.0.1",
            "--lynx.http.port=PORT",
            "--lynx.metrics.prometheus.host=127.0.0.1",
            "--lynx.metrics.prometheus.port=0");
    private static final List<String> PEER_OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /** Returns one of the examples, run from its own jars. */
    public static Program example(String name) {
        Path target = Path.of("examples", name, "target").toAbsolutePath();
        String main = "io.lynx.examples." + name + ".Main";
        return new Program("lynx " + name, OWN_OPTIONS, classPath(target, main), OWN_ARGUMENTS);
    }

    /** Returns a program with a main class of the benchmarks. */
    public static Program own(String name, Class<?> main, List<String> arguments) {
        List<String> launch = List.of("-cp", System.getProperty("java.class.path"), main.getName());
        return new Program(name, OWN_OPTIONS, launch, arguments);
    }

    /** Returns a service with a main class of the benchmarks. */
    public static Program service(String name, Class<?> main) {
        return own(name, main, OWN_ARGUMENTS);
    }

    /**
     * Returns a service with a main class of the benchmarks of another checkout.
     *
     * @param checkout its directory, in which the benchmarks have been packaged
     */
    public static Program serviceOf(Path checkout, String name, Class<?> main) {
        Path target = checkout.resolve("benchmarks", "target").toAbsolutePath();
        return new Program(name, OWN_OPTIONS, classPath(target, main.getName()), OWN_ARGUMENTS);
    }

    /** Returns a peer, run with its own class path. */
    public static Program peer(String name, String folder, String main, String... arguments) {
        Path target = Path.of("benchmarks", "peers", folder, "target").toAbsolutePath();
        return new Program(
                name,
                PEER_OPTIONS,
                classPath(target, "io.lynx.benchmarks.peers." + folder.replace("-", "") + "." + main),
                List.of(arguments));
    }

    /** Returns Quarkus, which has its own layout and takes the port as a system property. */
    public static Program quarkus() {
        Path jar = Path.of("benchmarks/peers/quarkus/target/quarkus-app/quarkus-run.jar");
        List<String> options = new ArrayList<>(PEER_OPTIONS);
        options.add("-Dquarkus.http.port=PORT");
        return new Program(
                "Quarkus", options, List.of("-jar", jar.toAbsolutePath().toString()), List.of());
    }

    private static List<String> classPath(Path target, String main) {
        try (Stream<Path> files = Files.list(target)) {
            Path jar = files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.toString().matches(".*-(sources|tests)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(target + ": has no jar; run ./build bench"));
            String others = Files.readString(target.resolve("classpath.txt")).strip();
            return List.of("-cp", jar + ":" + others, main);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a copy with further arguments. */
    public Program with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new Program(name, options, launch, all);
    }

    /** Returns a copy with a further option of the JVM. */
    public Program withOption(String option) {
        List<String> all = new ArrayList<>(options);
        all.add(option);
        return new Program(name, all, launch, arguments);
    }

    /** Returns a copy that is started without an option of the JVM. */
    public Program without(String option) {
        List<String> fewer = new ArrayList<>(options);
        if (!fewer.remove(option)) {
            throw new IllegalArgumentException(
                    "option: '" + option + "' is not set; there are: " + String.join(" ", options));
        }
        return new Program(name + " without " + option, fewer, launch, arguments);
    }

    /** Returns its command line. */
    List<String> command(List<String> moreOptions, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(moreOptions);
        command.addAll(launch);
        command.addAll(arguments);
        command.replaceAll(word -> word.replace("PORT", String.valueOf(port)));
        return command;
    }
}
