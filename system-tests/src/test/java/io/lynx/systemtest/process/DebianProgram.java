package io.lynx.systemtest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program of a Debian package. Immutable.
 *
 * @param path the executable file
 * @param environment the variables that it needs: the path of its libraries if it was unpacked instead of installed
 */
public record DebianProgram(Path path, Map<String, String> environment) {
    static DebianProgram installed(Path path) {
        return new DebianProgram(path, Map.of());
    }

    /** A program below {@code root}, where packages were unpacked. */
    static DebianProgram unpacked(Path path, Path root) {
        try (Stream<Path> folders =
                Stream.concat(subfolders(root.resolve("usr/lib")), subfolders(root.resolve("lib")))) {
            String libraries = folders.filter(folder -> folder.toString().endsWith("-linux-gnu"))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
            return new DebianProgram(path, libraries.isEmpty() ? Map.of() : Map.of("LD_LIBRARY_PATH", libraries));
        }
    }

    private static Stream<Path> subfolders(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                return Stream.empty();
            }
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a builder of a process that runs the program with these arguments. */
    public ProcessBuilder process(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toList());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Returns the command that runs the program with these arguments as another user; only root can run it. */
    public List<String> as(String user, String... arguments) {
        Stream<String> prefix = Stream.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "env");
        Stream<String> variables =
                environment.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
        return Stream.of(prefix, variables, Stream.of(path.toString()), Stream.of(arguments))
                .flatMap(part -> part)
                .toList();
    }
}
