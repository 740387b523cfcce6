package io.lynx.systemtest.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./build run} prints in a checkout where nothing has been built: what it does, before and while Maven does it. */
final class BuildProgressTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final String MAVEN = """
        #!/usr/bin/env bash
        echo '[INFO] Building Lynx core 1.0.0                              [1/2]'
        echo '[INFO] Building Lynx minimal 1.0.0                           [2/2]'
        echo '[INFO] BUILD FAILURE'
        exit 1
        """;

    @TempDir
    private Path checkout;

    @Test
    void namesTheBuildAndEachModule() throws Exception {
        Path _ = Files.copy(ROOT.resolve("build"), checkout.resolve("build"));
        Path _ = Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Path example = Files.createDirectories(checkout.resolve("examples/minimal"));
        Path _ = Files.writeString(example.resolve("pom.xml"), "<project/>");
        Path programs = Files.createDirectories(checkout.resolve("programs"));
        Path maven = Files.writeString(programs.resolve("mvn"), MAVEN);
        Path _ = Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));

        Command.Result result = Command.run(
                checkout,
                Duration.ofSeconds(60),
                List.of(
                        "env",
                        "PATH=" + programs + ":" + System.getenv("PATH"),
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        "bash",
                        "build",
                        "run",
                        "minimal"));

        assertThat(result.code()).as(result.output()).isEqualTo(2);
        assertThat(result.output())
                .startsWith("building examples/minimal with the modules that are needed")
                .containsSubsequence("Lynx core", "Lynx minimal", "Maven failed");
    }
}
