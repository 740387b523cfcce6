package io.lynx.systemtest.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./build version} changes the version of Lynx wherever it stands, and nothing else. */
final class BuildVersionTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    @TempDir
    private Path checkout;

    @BeforeEach
    void writeCheckout() throws IOException {
        Path _ = Files.copy(ROOT.resolve("build"), checkout.resolve("build"));
        write("pom.xml", """
            <project>
                <version>1.2.0-SNAPSHOT</version>
                <properties><other.version>1.2.0-SNAPSHOT</other.version></properties>
            </project>
            """);
        write("parent/pom.xml", "<lynx.version>1.2.0-SNAPSHOT</lynx.version>\n");
        write("plugins/one/pom.xml", "<parent><version>1.2.0-SNAPSHOT</version></parent>\n");
        write(
                "docs/guide/upgrade.md",
                "Lynx 1.2.0-SNAPSHOT, <version>1.2.0-SNAPSHOT</version>, since 1.2.0-SNAPSHOT\n");
    }

    private void write(String name, String content) throws IOException {
        Path file = checkout.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, content);
    }

    @Test
    void setsTheVersionOfLynxAlone() throws Exception {
        Command.Result result = build("1.2.0");

        assertThat(result.code()).as(result.output()).isZero();
        assertThat(checkout.resolve("pom.xml"))
                .content()
                .contains("<version>1.2.0</version>", "<other.version>1.2.0-SNAPSHOT</other.version>");
        assertThat(checkout.resolve("parent/pom.xml")).hasContent("<lynx.version>1.2.0</lynx.version>");
        assertThat(checkout.resolve("plugins/one/pom.xml")).hasContent("<parent><version>1.2.0</version></parent>");
        assertThat(checkout.resolve("docs/guide/upgrade.md"))
                .hasContent("Lynx 1.2.0, <version>1.2.0</version>, since 1.2.0-SNAPSHOT");
    }

    @Test
    void refusesWhatIsNotAVersion() throws Exception {
        Command.Result result = build("1.2");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.output()).contains("version: '1.2' is not a version");
        assertThat(checkout.resolve("pom.xml")).content().contains("<version>1.2.0-SNAPSHOT</version>");
    }

    private Command.Result build(String version) throws InterruptedException {
        return Command.run(
                checkout,
                Duration.ofSeconds(60),
                List.of("env", "JAVA_HOME=" + System.getProperty("java.home"), "bash", "build", "version", version));
    }
}
