package io.lynx.systemtest.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Compares the reference pages with the code; {@code -Dlynx.docs=write} writes them. */
class ReferenceTest {
    private static final Path PAGES =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent()).resolve("docs/reference");

    @Test
    void metricsAreCurrent() throws IOException {
        check("metrics.md", Pages.metrics());
    }

    @Test
    void configurationIsCurrent() throws IOException {
        check("configuration.md", Pages.configuration());
    }

    private static void check(String page, String expected) throws IOException {
        Path file = PAGES.resolve(page);
        if ("write".equals(System.getProperty("lynx.docs"))) {
            Files.createDirectories(PAGES);
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as("docs/reference/%s; ./build docs makes it current", page)
                .exists();
        assertThat(Files.readString(file))
                .as("docs/reference/%s; ./build docs makes it current", page)
                .isEqualTo(expected);
    }
}
