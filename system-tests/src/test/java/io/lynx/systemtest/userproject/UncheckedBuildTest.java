package io.lynx.systemtest.userproject;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.dist.PublishedProject;
import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds for users leave the checks of the sources out; what they compile does not count as checked. */
@Timeout(600)
final class UncheckedBuildTest {
    @TempDir
    private Path folder;

    /** A project with the POM of this one, whose only class javac accepts and NullAway does not. */
    @BeforeEach
    void writeProject() throws IOException {
        String root = Files.readString(UserMaven.ROOT.resolve("pom.xml"));
        Files.writeString(
                folder.resolve("pom.xml"),
                root.replaceFirst("(?s)<modules>.*?</modules>", "<modules><module>probe</module></modules>"));
        copy(".mvn/jvm.config");
        copy(".mvn/maven.config");
        Path sources = Files.createDirectories(folder.resolve("probe/src/main/java/io/lynx/probe"));
        Files.writeString(folder.resolve("probe/pom.xml"), """
            <project>
                <modelVersion>4.0.0</modelVersion>
                <parent>
                    <groupId>io.lynx</groupId>
                    <artifactId>lynx-build</artifactId>
                    <version>%s</version>
                </parent>
                <artifactId>lynx-probe</artifactId>
                <name>Lynx Probe</name>
            </project>
            """.formatted(
                        PublishedProject.read(UserMaven.ROOT).version()));
        Files.writeString(sources.resolve("Probe.java"), """
            package io.lynx.probe;

            final class Probe {
                private Probe() {}

                static Object missing() {
                    return null;
                }
            }
            """);
    }

    private void copy(String file) throws IOException {
        Path copy = folder.resolve(file);
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(UserMaven.ROOT.resolve(file), copy);
    }

    @Test
    void aLaterBuildWithChecksFindsWhatOneWithoutThemHasCompiled() throws InterruptedException {
        Command.Result unchecked = maven("-Dunchecked", "compile");
        Command.Result checked = maven("compile");

        assertThat(unchecked.isSuccess()).as(unchecked.output()).isTrue();
        assertThat(folder.resolve("probe/target/unchecked/classes/io/lynx/probe/Probe.class"))
                .exists();
        assertThat(checked.isSuccess()).as(checked.output()).isFalse();
        assertThat(checked.output()).contains("Probe.java:[7,", "[NullAway]");
    }

    /** Offline: what it needs, the build that runs this test has needed before. */
    private Command.Result maven(String... goals) throws InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("env", "JAVA_HOME=" + System.getProperty("java.home"), "MAVEN_OPTS=", "mvn", "-q", "-o"));
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of("-pl", "probe"));
        command.addAll(List.of(goals));
        return Command.run(folder, Duration.ofMinutes(4), command);
    }
}
