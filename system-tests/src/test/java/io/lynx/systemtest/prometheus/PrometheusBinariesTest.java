package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Prometheus is looked for. */
final class PrometheusBinariesTest {
    @Test
    void prefersAProgramOnThePath(@TempDir Path folder) throws IOException, InterruptedException {
        install(folder, "echo 'prometheus, version 9.9'; exit 0");

        PrometheusBinaries found = PrometheusBinaries.find(Map.of("PATH", folder.toString()));

        assertThat(found.prometheus()).isEqualTo(folder.resolve("prometheus"));
        assertThat(found.promtool()).isEqualTo(folder.resolve("promtool"));
        assertThat(found.version()).isEqualTo("prometheus, version 9.9");
    }

    @Test
    void fallsBackToTheCacheOfTheUser(@TempDir Path folder) throws IOException, InterruptedException {
        Path programs = Files.createDirectories(folder.resolve("lynx/prometheus/usr/bin"));
        install(programs, "echo 'prometheus, version 9.8'; exit 0");

        PrometheusBinaries found =
                PrometheusBinaries.find(Map.of("PATH", "/nowhere", "XDG_CACHE_HOME", folder.toString()));

        assertThat(found.prometheus()).isEqualTo(programs.resolve("prometheus"));
    }

    @Test
    void reportsAProgramThatDoesNotRun(@TempDir Path folder) throws IOException {
        install(folder, "echo 'not for this processor'; exit 3");

        assertThatThrownBy(() -> PrometheusBinaries.find(Map.of("PATH", folder.toString())))
                .hasMessageContaining("prometheus --version: failed with 3: not for this processor")
                .hasMessageContaining("install Prometheus 2.42 or later");
    }

    private static void install(Path folder, String script) throws IOException {
        for (String name : List.of("prometheus", "promtool")) {
            Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
