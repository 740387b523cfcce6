package io.lynx.systemtest.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A simple name stands for one type of the project: two would collide in imports, in stack traces and in readers' heads. */
final class SimpleNamesTest {
    private static final List<String> NO_TYPES = List.of("package-info.java", "module-info.java");

    @Test
    void noTwoTypesShareASimpleName() throws IOException {
        Map<String, List<Path>> files = mainSources();

        assertThat(files).hasSizeGreaterThan(400);
        assertThat(files.values()).filteredOn(same -> same.size() > 1).isEmpty();
    }

    private static Map<String, List<Path>> mainSources() throws IOException {
        return ProjectFiles.sources().stream()
                .filter(file -> !NO_TYPES.contains(file.getFileName().toString()))
                .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
    }
}
