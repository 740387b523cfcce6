package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsReferenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "health",
                "health-draft",
                "health-plugin",
                "plugins",
                "config",
                "config-reload",
                "shutdown-report",
                "breakers",
                "events",
                "dead-letters",
                "error-stats",
                "health-report",
                "component",
                "requests"
            })
    void showsAnswersAsTheyAre(String name) throws IOException {
        String reference = Files.readString(Path.of("../docs/reference/operations.md"));
        String golden = Files.readString(Path.of("src/test/resources/golden/" + name + ".json"));

        assertThat(reference).contains(golden);
    }
}
