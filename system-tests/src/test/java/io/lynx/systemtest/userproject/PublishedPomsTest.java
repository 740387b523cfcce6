package io.lynx.systemtest.userproject;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.dist.PublishedProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The POMs that users see agree with those of the build. */
final class PublishedPomsTest {
    private static final Pattern PROPERTY = Pattern.compile("<(plugin\\.[\\w.-]+|lynx\\.version)>([^<]+)</");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(lynx-[\\w-]+)</artifactId>");
    private static final Pattern MANAGED =
            Pattern.compile("<dependencyManagement>.*</dependencyManagement>", Pattern.DOTALL);
    private static final Pattern JUNIT =
            Pattern.compile("<dependency>\\s*<groupId>org\\.junit.*?</dependency>", Pattern.DOTALL);
    private static final String FLATTENED = "target/flattened-pom.xml";
    private static final List<String> NOT_MANAGED = List.of("lynx-bom", "lynx-parent");

    private final PublishedProject project = read();

    @Test
    void parentHasTheVersionsOfTheBuild() throws IOException {
        Map<String, String> versions = new TreeMap<>();
        for (MatchResult match : PROPERTY.matcher(Files.readString(UserMaven.ROOT.resolve("parent/pom.xml")))
                .results()
                .toList()) {
            versions.put(match.group(1), match.group(2));
        }

        assertThat(versions.remove("lynx.version")).isEqualTo(project.version());
        assertThat(versions).isNotEmpty();
        assertThat(project.properties()).containsAllEntriesOf(versions);
    }

    @Test
    void everyModuleForUsersIsInTheBom() throws IOException {
        String bom = Files.readString(UserMaven.ROOT.resolve("bom").resolve(FLATTENED));
        List<String> managed = ARTIFACT.matcher(bom.substring(bom.indexOf("<dependencyManagement>")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(project.artifacts())
                .filteredOn(artifact -> !NOT_MANAGED.contains(artifact))
                .containsExactlyInAnyOrderElementsOf(managed);
        assertThat(bom).doesNotContain("${").doesNotContain("<parent>");
    }

    @Test
    void everyPluginCanBeChosenForANewProject() throws IOException {
        Path choices = UserMaven.ROOT.resolve("cli/src/main/resources/io/lynx/cli/plugins");
        try (Stream<Path> plugins = Files.list(UserMaven.ROOT.resolve("plugins"))) {
            // Artifacts for tests are no plugins.
            assertThat(plugins.filter(plugin -> Files.exists(plugin.resolve("pom.xml"))
                            && !plugin.getFileName().toString().endsWith("-test")))
                    .allSatisfy(plugin -> assertThat(
                                    choices.resolve(plugin.getFileName()).resolve("config.yml"))
                            .exists());
        }
    }

    @Test
    void everyModuleHasTheVersionOfTheRoot() throws IOException {
        Pattern version = Pattern.compile("<artifactId>lynx-build</artifactId>\\s*<version>([^<]+)<");
        try (Stream<Path> poms = Files.find(UserMaven.ROOT, 3, (file, _) -> file.endsWith("pom.xml"))) {
            for (Path pom : poms.toList()) {
                Matcher found = version.matcher(Files.readString(pom));
                if (found.find()) {
                    assertThat(found.group(1)).as(pom.toString()).isEqualTo(project.version());
                }
            }
        }
    }

    @Test
    void noModuleBringsJUnitToAProject() throws IOException {
        Path testkit = UserMaven.ROOT.resolve("testkit");
        try (Stream<Path> modules = Files.list(UserMaven.ROOT);
                Stream<Path> plugins = Files.list(UserMaven.ROOT.resolve("plugins"))) {
            List<Path> published = Stream.concat(modules, plugins)
                    .filter(module -> Files.exists(module.resolve(FLATTENED)))
                    .toList();
            assertThat(published).contains(testkit);
            for (Path module : published) {
                String pom = MANAGED.matcher(Files.readString(module.resolve(FLATTENED)))
                        .replaceAll("");
                assertThat(JUNIT.matcher(pom).results().map(MatchResult::group))
                        .as(module.toString())
                        .allSatisfy(dependency -> assertThat(dependency)
                                .containsAnyOf("<scope>provided</scope>", "<optional>true</optional>"));
            }
        }
    }

    private static PublishedProject read() {
        try {
            return PublishedProject.read(UserMaven.ROOT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
