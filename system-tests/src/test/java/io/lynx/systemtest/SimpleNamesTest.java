package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A simple name stands for one type of the project: two would collide in imports, in stack traces and in readers' heads. */
final class SimpleNamesTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final List<String> NO_TYPES = List.of("package-info.java", "module-info.java");

    @Test
    void noTwoTypesShareASimpleName() throws IOException {
        Map<String, List<Path>> files = mainSources();

        assertThat(files).hasSizeGreaterThan(400);
        assertThat(files.values()).filteredOn(same -> same.size() > 1).isEmpty();
    }

    /** The files of the modules that users get, by their names. */
    private static Map<String, List<Path>> mainSources() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(".java"))
                    .map(ROOT::relativize)
                    .filter(file -> file.toString().contains("/src/main/java"))
                    .filter(file -> !file.startsWith("examples") && !file.startsWith("benchmarks"))
                    .filter(file -> !NO_TYPES.contains(file.getFileName().toString()))
                    .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
        }
    }
}
