package io.lynx.systemtest.userproject;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.dist.PublishedProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Projects that import the BOM first resolve one version of each library group, whatever else they use and import. */
@Timeout(600)
final class BomTest {
    private static final Pattern RESOLVED =
            Pattern.compile("([\\w.-]+):([\\w.-]+):jar:(?:[\\w.-]+:)?([\\w.-]+):(?:compile|runtime|test)");

    /** A project of its own for each; the first lines import further BOMs. */
    private static final Map<String, String> PROJECTS =
            Map.of("flyway", """
                dependency org.flywaydb flyway-core 13.12.1
                dependency org.flywaydb flyway-database-postgresql 13.12.1
                dependency org.postgresql postgresql
                """, "pool", """
                dependency com.zaxxer HikariCP
                dependency com.h2database h2
                """, "kafka", """
                dependency org.apache.kafka kafka-clients 4.3.1
                """, "metrics", """
                dependency io.lynx lynx-micrometer
                dependency io.micrometer micrometer-registry-otlp
                dependency io.lynx lynx-opentelemetry
                dependency io.opentelemetry opentelemetry-sdk
                dependency io.opentelemetry opentelemetry-exporter-logging
                """, "spring", """
                import org.springframework.boot spring-boot-dependencies 4.1.2
                dependency org.springframework.boot spring-boot-starter-jdbc
                dependency org.springframework.boot spring-boot-starter-json
                dependency io.micrometer micrometer-registry-prometheus
                dependency org.junit.jupiter junit-jupiter
                """);

    /** Groups with artifacts that are versioned by themselves. */
    private static final Set<String> VERSIONED_APART = Set.of("com.fasterxml.jackson.core:jackson-annotations");

    @TempDir
    private Path folder;

    @Test
    void resolvesOneVersionOfEachGroup() throws Exception {
        UserMaven maven = UserMaven.in(folder);
        Map<String, String> properties = PublishedProject.read(UserMaven.ROOT).properties();
        Path projects = Files.createDirectories(folder.resolve("projects"));
        writeProjects(projects);

        String _ = maven.run(
                projects,
                Duration.ofMinutes(4),
                "org.apache.maven.plugins:maven-dependency-plugin:" + properties.get("plugin.dependency.version")
                        + ":tree",
                "-DoutputFile=tree.txt");

        for (String project : PROJECTS.keySet()) {
            Map<String, Set<String>> versions = versions(Files.readString(projects.resolve(project + "/tree.txt")));
            assertThat(versions).as(project).containsKeys("io.lynx", "io.netty", "tools.jackson.core");
            assertThat(versions.entrySet()).as(project).allSatisfy(group -> assertThat(group.getValue())
                    .as(group.getKey())
                    .hasSize(1));
            assertManaged(versions, properties);
        }
    }

    private static void assertManaged(Map<String, Set<String>> versions, Map<String, String> properties) {
        Map.of(
                        "com.fasterxml.jackson.core", "jackson2.version",
                        "tools.jackson.core", "jackson.version",
                        "io.netty", "netty.version",
                        "com.zaxxer", "hikari.version",
                        "io.micrometer", "micrometer.version",
                        "io.opentelemetry", "opentelemetry.version",
                        "io.prometheus", "prometheus-client.version",
                        "org.junit.jupiter", "junit.version",
                        "org.postgresql", "postgresql.version",
                        "org.slf4j", "slf4j.version")
                .forEach((group, property) -> {
                    if (versions.containsKey(group)) {
                        assertThat(versions.get(group)).as(group).containsExactly(properties.get(property));
                    }
                });
    }

    private static void writeProjects(Path folder) throws IOException {
        StringBuilder modules = new StringBuilder();
        for (Map.Entry<String, String> project : PROJECTS.entrySet()) {
            modules.append("<module>").append(project.getKey()).append("</module>");
            Path pom = Files.createDirectories(folder.resolve(project.getKey())).resolve("pom.xml");
            Files.writeString(pom, pom(project.getKey(), project.getValue()));
        }
        Files.writeString(folder.resolve("pom.xml"), """
            <project>
                <modelVersion>4.0.0</modelVersion>
                <groupId>com.example</groupId>
                <artifactId>projects</artifactId>
                <version>1</version>
                <packaging>pom</packaging>
                <modules>%s</modules>
            </project>
            """.formatted(modules));
    }

    private static String pom(String name, String content) throws IOException {
        StringBuilder imports = new StringBuilder();
        StringBuilder dependencies = new StringBuilder();
        String version = PublishedProject.read(UserMaven.ROOT).version();
        append(imports, List.of("io.lynx", "lynx-bom", version), "<type>pom</type><scope>import</scope>");
        append(dependencies, List.of("io.lynx", "lynx-starter"), "<type>pom</type>");
        content.lines().forEach(line -> {
            List<String> words = List.of(line.split(" ", -1));
            boolean isImport = words.getFirst().equals("import");
            append(
                    isImport ? imports : dependencies,
                    words.subList(1, words.size()),
                    isImport ? "<type>pom</type><scope>import</scope>" : "");
        });
        return """
            <project>
                <modelVersion>4.0.0</modelVersion>
                <groupId>com.example</groupId>
                <artifactId>%s</artifactId>
                <version>1</version>
                <dependencyManagement><dependencies>%s</dependencies></dependencyManagement>
                <dependencies>%s</dependencies>
            </project>
            """.formatted(name, imports, dependencies);
    }

    private static void append(StringBuilder pom, List<String> coordinates, String rest) {
        pom.append("<dependency><groupId>")
                .append(coordinates.getFirst())
                .append("</groupId><artifactId>")
                .append(coordinates.get(1))
                .append("</artifactId>");
        if (coordinates.size() > 2) {
            pom.append("<version>").append(coordinates.get(2)).append("</version>");
        }
        pom.append(rest).append("</dependency>");
    }

    private static Map<String, Set<String>> versions(String tree) {
        Map<String, Set<String>> versions = new TreeMap<>();
        Matcher resolved = RESOLVED.matcher(tree);
        while (resolved.find()) {
            if (!VERSIONED_APART.contains(resolved.group(1) + ":" + resolved.group(2))) {
                boolean _ = versions.computeIfAbsent(resolved.group(1), _ -> new TreeSet<>())
                        .add(resolved.group(3));
            }
        }
        return versions;
    }
}
