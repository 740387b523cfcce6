package io.lynx.systemtest.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of the project that users get: those of the examples, the benchmarks and these tests are not among them. Stateless. */
public final class ProjectFiles {
    /** The folder of the whole project. */
    public static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    private static final List<String> NOT_FOR_USERS = List.of("examples", "benchmarks", "system-tests");

    private ProjectFiles() {}

    /** Returns the folders of the modules, those of the plugins among them. */
    public static List<Path> modules() throws IOException {
        try (Stream<Path> poms = Files.find(ROOT, 3, (file, _) -> file.endsWith("pom.xml"))) {
            return poms.map(pom -> Objects.requireNonNull(pom.getParent()))
                    .filter(folder -> Files.isDirectory(folder.resolve("src/main")))
                    .filter(folder -> NOT_FOR_USERS.stream()
                            .noneMatch(ROOT.relativize(folder).toString()::startsWith))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the source files of these modules. */
    static List<Path> sources() throws IOException {
        Stream.Builder<Path> found = Stream.builder();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/main"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(found);
            }
        }
        return found.build().toList();
    }
}
