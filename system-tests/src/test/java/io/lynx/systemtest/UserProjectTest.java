package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user's project with the BOM resolves one version of each library that the framework is built on: the one it is built on. */
@Timeout(300)
final class UserProjectTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final Pattern PARENT = Pattern.compile("<parent>.*?</parent>", Pattern.DOTALL);
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
    private static final Pattern RESOLVED =
            Pattern.compile("([\\w.-]+):([\\w.-]+):(?:jar|pom):(?:[\\w.-]+:)?([\\w.-]+):");

    private static final String POM = """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
            <modelVersion>4.0.0</modelVersion>
            <groupId>com.example</groupId>
            <artifactId>service</artifactId>
            <version>1</version>
            <dependencyManagement>
                <dependencies>
                    <dependency>
                        <groupId>io.lynx</groupId>
                        <artifactId>lynx-bom</artifactId>
                        <version>0.1.0-SNAPSHOT</version>
                        <type>pom</type>
                        <scope>import</scope>
                    </dependency>
                </dependencies>
            </dependencyManagement>
            <dependencies>
                <dependency>
                    <groupId>org.flywaydb</groupId>
                    <artifactId>flyway-core</artifactId>
                    <version>11.0.0</version>
                </dependency>
                <dependency>
                    <groupId>com.zaxxer</groupId>
                    <artifactId>HikariCP</artifactId>
                </dependency>
                <dependency>
                    <groupId>io.lynx</groupId>
                    <artifactId>lynx-micrometer</artifactId>
                </dependency>
                <dependency>
                    <groupId>io.lynx</groupId>
                    <artifactId>lynx-json-jackson</artifactId>
                </dependency>
            </dependencies>
        </project>
        """;

    @TempDir
    private Path folder;

    @Test
    void resolvesTheVersionsThatTheFrameworkIsBuiltOn() throws Exception {
        Path modules = Files.createDirectories(folder.resolve("modules"));
        publish(modules);
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("pom.xml"), POM);
        Files.writeString(folder.resolve("settings.xml"), settings(modules));

        Command.Result result = Command.run(
                project,
                Duration.ofMinutes(4),
                List.of(
                        "mvn",
                        "-B",
                        "-s",
                        folder.resolve("settings.xml").toString(),
                        "-Dmaven.repo.local=" + folder.resolve("repository"),
                        "org.apache.maven.plugins:maven-dependency-plugin:" + property("plugin.dependency.version")
                                + ":tree",
                        "-DoutputFile=tree.txt"));
        assertThat(result.isSuccess()).as(result.output()).isTrue();

        Map<String, Set<String>> versions = versions(Files.readString(project.resolve("tree.txt")));
        String jackson2 = property("jackson2.version");
        assertThat(versions.get("com.fasterxml.jackson.core:jackson-databind")).containsExactly(jackson2);
        versions.forEach((artifact, resolved) -> {
            if (artifact.startsWith("com.fasterxml.jackson") && !artifact.endsWith(":jackson-annotations")) {
                assertThat(resolved).as(artifact).containsExactly(jackson2);
            }
            if (artifact.startsWith("tools.jackson")) {
                assertThat(resolved).as(artifact).containsExactly(property("jackson.version"));
            }
        });
        assertThat(versions)
                .containsEntry(
                        "com.fasterxml.jackson.core:jackson-annotations",
                        Set.of(property("jackson-annotations.version")))
                .containsEntry("com.zaxxer:HikariCP", Set.of(property("hikari.version")))
                .containsEntry("io.micrometer:micrometer-core", Set.of(property("micrometer.version")))
                .containsEntry("org.slf4j:slf4j-api", Set.of(property("slf4j.version")));
    }

    /** Puts the poms of the modules where Maven finds them as a repository. */
    private static void publish(Path repository) throws IOException {
        try (Stream<Path> poms = Files.walk(ROOT, 3)) {
            for (Path pom : poms.filter(file -> file.endsWith("pom.xml")).toList()) {
                Matcher artifact =
                        ARTIFACT.matcher(PARENT.matcher(Files.readString(pom)).replaceFirst(""));
                if (artifact.find() && artifact.group(1).startsWith("lynx-")) {
                    Path target = Files.createDirectories(repository
                            .resolve("io/lynx")
                            .resolve(artifact.group(1))
                            .resolve(VERSION));
                    Path _ = Files.copy(pom, target.resolve(artifact.group(1) + "-" + VERSION + ".pom"));
                }
            }
        }
    }

    /** What this machine has already is not downloaded again. */
    private static String settings(Path modules) {
        String local = Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".m2/repository")
                .toUri()
                .toString();
        return """
            <settings>
                <profiles>
                    <profile>
                        <id>here</id>
                        <repositories>
                            <repository><id>modules</id><url>%1$s</url></repository>
                            <repository><id>here</id><url>%2$s</url></repository>
                        </repositories>
                        <pluginRepositories>
                            <pluginRepository><id>here</id><url>%2$s</url></pluginRepository>
                        </pluginRepositories>
                    </profile>
                </profiles>
                <activeProfiles><activeProfile>here</activeProfile></activeProfiles>
            </settings>
            """.formatted(modules.toUri(), local);
    }

    private static Map<String, Set<String>> versions(String tree) {
        Map<String, Set<String>> versions = new TreeMap<>();
        Matcher resolved = RESOLVED.matcher(tree);
        while (resolved.find()) {
            boolean _ = versions.computeIfAbsent(resolved.group(1) + ":" + resolved.group(2), _ -> new TreeSet<>())
                    .add(resolved.group(3));
        }
        return versions;
    }

    private static String property(String name) {
        try {
            Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)</")
                    .matcher(Files.readString(ROOT.resolve("pom.xml")));
            assertThat(value.find()).as(name).isTrue();
            return value.group(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
