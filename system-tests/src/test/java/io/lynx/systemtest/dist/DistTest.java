package io.lynx.systemtest.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Launch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistTest {
    private static final List<String> METADATA = List.of(
            "-Dproject.url=https://example.org/lynx",
            "-Dproject.scm=https://example.org/lynx.git",
            "-Dproject.developer=Ada Lovelace <ada@example.org>");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void writeProject() throws IOException {
        root = Files.createDirectory(folder.resolve("project"));
        Files.writeString(root.resolve("pom.xml"), """
            <project>
                <version>1.2.3</version>
                <properties><a.version>1</a.version></properties>
                <modules><module>core</module><module>parent</module><module>tests</module></modules>
            </project>
            """);
        module("core", "<artifactId>lynx-core</artifactId>");
        module("parent", "<artifactId>lynx-parent</artifactId><packaging>pom</packaging>");
        module("tests", "<artifactId>lynx-tests</artifactId><maven.deploy.skip>true</maven.deploy.skip>");
        jar("lynx-core-1.2.3.jar", "io/lynx/A.class");
        jar("lynx-core-1.2.3-sources.jar", "io/lynx/A.java");
        jar("lynx-core-1.2.3-javadoc.jar", "index.html");
    }

    private void module(String name, String elements) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name).resolve("target"));
        Files.writeString(folder.resolveSibling("pom.xml"), """
            <project>
                %s
                <name>Lynx</name>
                <description>A module.</description>
                <licenses><license><name>Apache-2.0</name></license></licenses>
            </project>
            """.formatted(elements));
    }

    private void jar(String name, String entry) throws IOException {
        try (OutputStream file =
                        Files.newOutputStream(root.resolve("core/target").resolve(name));
                ZipOutputStream jar = new ZipOutputStream(file)) {
            jar.putNextEntry(new ZipEntry(entry));
        }
    }

    @Test
    void makesARepositoryWithChecksums() throws IOException {
        int code = run("make", List.of());

        assertThat(code).isZero();
        Path core = root.resolve("target/dist/io/lynx/lynx-core/1.2.3");
        assertThat(core.resolve("lynx-core-1.2.3.pom")).exists();
        assertThat(core.resolve("lynx-core-1.2.3-sources.jar.sha256"))
                .hasContent(Checksum.SHA256.of(Files.readAllBytes(core.resolve("lynx-core-1.2.3-sources.jar"))));
        assertThat(root.resolve("target/dist/io/lynx/lynx-parent/1.2.3/lynx-parent-1.2.3.pom"))
                .exists();
        assertThat(root.resolve("target/dist/io/lynx/lynx-tests")).doesNotExist();
    }

    @Test
    void packsAReleaseThatIsComplete() throws IOException {
        int code = run("make", METADATA, "--release");

        assertThat(text(err)).isEmpty();
        assertThat(code).isZero();
        try (ZipFile bundle =
                new ZipFile(root.resolve("target/lynx-1.2.3-bundle.zip").toFile())) {
            assertThat(bundle.getEntry("io/lynx/lynx-core/1.2.3/lynx-core-1.2.3-javadoc.jar.sha512"))
                    .isNotNull();
        }
        assertThat(root.resolve("target/dist/io/lynx/lynx-core/1.2.3/lynx-core-1.2.3.pom"))
                .content()
                .contains("<url>https://example.org/lynx</url>")
                .contains("<connection>scm:git:https://example.org/lynx.git</connection>")
                .contains("<developerConnection>scm:git:https://example.org/lynx.git</developerConnection>")
                .contains("<name>Ada Lovelace</name>")
                .contains("<email>ada@example.org</email>");
    }

    @Test
    void requiresThePropertiesThatTheSourcesDoNotContain() throws IOException {
        int code = run("check", List.of("-Dproject.scm=https://example.org/lynx.git"), "--release");

        assertThat(code).isEqualTo(2);
        assertThat(text(err))
                .contains("dist: project.url: missing; give the project's page by -Dproject.url=URL")
                .contains("dist: project.developer: missing")
                .doesNotContain("project.scm");
    }

    @Test
    void refusesToReleaseASnapshot() throws IOException {
        Path pom = root.resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replace("1.2.3", "1.2.3-SNAPSHOT"));

        int code = run("check", METADATA, "--release");

        assertThat(code).isEqualTo(2);
        assertThat(text(err)).contains("dist: project.version: '1.2.3-SNAPSHOT' is a snapshot");
    }

    @Test
    void refusesAReleaseWithoutSourcesOrDescription() throws IOException {
        Files.delete(root.resolve("core/target/lynx-core-1.2.3-sources.jar"));
        Path pom = root.resolve("core/pom.xml");
        Files.writeString(pom, Files.readString(pom).replaceFirst("<description>.*", ""));

        int code = run("make", METADATA, "--release");

        assertThat(code).isEqualTo(2);
        assertThat(text(err))
                .contains("dist: lynx-core-1.2.3-sources.jar: missing")
                .contains("dist: lynx-core-1.2.3.pom: <description> is missing");
        assertThat(root.resolve("target/lynx-1.2.3-bundle.zip")).doesNotExist();
    }

    @Test
    void findsWrongChecksumsAndEmptyJavadoc() throws IOException {
        jar("lynx-core-1.2.3-javadoc.jar", "META-INF/MANIFEST.MF");
        int _ = run("make", METADATA);
        Path core = root.resolve("target/dist/io/lynx/lynx-core/1.2.3");
        Files.writeString(core.resolve("lynx-core-1.2.3.jar.sha1"), "0");
        Files.delete(core.resolve("lynx-core-1.2.3.pom.md5"));

        List<String> problems = new ReleaseCheck(root.resolve("target/dist")).problems();

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "lynx-core-1.2.3.jar.sha1: is not the checksum of the file",
                        "lynx-core-1.2.3.pom.md5: missing",
                        "lynx-core-1.2.3-javadoc.jar: contains no index.html");
    }

    @Test
    void signsEachPomAndJarByGpg() throws Exception {
        try (GpgHome gpg = GpgHome.create(folder)) {
            String key = gpg.newKey("Ada Lovelace <ada@example.org>", "");

            Command.Result made = dist(gpg, "make", "-Dproject.signing.key=" + key);

            assertThat(made.output()).contains("-bundle.zip: complete and signed");
            assertThat(made.code()).isZero();
            Path core = root.resolve("target/dist/io/lynx/lynx-core/1.2.3");
            for (String file : List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar")) {
                assertThat(gpg.accepts(core.resolve("lynx-core-1.2.3" + file)))
                        .as(file)
                        .isTrue();
            }
            Files.writeString(core.resolve("lynx-core-1.2.3.pom"), "changed");
            assertThat(gpg.accepts(core.resolve("lynx-core-1.2.3.pom"))).isFalse();
        }
        try (ZipFile bundle =
                new ZipFile(root.resolve("target/lynx-1.2.3-bundle.zip").toFile())) {
            assertThat(bundle.stream().map(ZipEntry::getName))
                    .contains("io/lynx/lynx-core/1.2.3/lynx-core-1.2.3.jar.asc")
                    .contains("io/lynx/lynx-core/1.2.3/lynx-core-1.2.3.jar.sha512")
                    .noneMatch(name -> name.contains(".asc."));
        }
    }

    @Test
    void refusesAKeyThatGpgDoesNotHaveBeforeAnythingIsBuilt() throws Exception {
        try (GpgHome gpg = GpgHome.create(folder)) {
            Command.Result refused = dist(gpg, "check", "-Dproject.signing.key=nobody@example.org");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.output())
                    .contains("dist: project.signing.key: gpg has no secret key 'nobody@example.org'; "
                            + "gpg --list-secret-keys shows those that it has");
        }
    }

    @Test
    void readsThePassphraseOfTheKeyFromTheEnvironment() throws Exception {
        try (GpgHome gpg = GpgHome.create(folder)) {
            String key = "-Dproject.signing.key=" + gpg.newKey("Ada Lovelace <ada@example.org>", "secret");

            Command.Result refused = dist(gpg, "check", key, Signer.PASSPHRASE + "=wrong");
            Command.Result accepted = dist(gpg, "check", key, Signer.PASSPHRASE + "=secret");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.output()).contains("dist: project.signing.key: gpg cannot sign ");
            assertThat(accepted.output()).isEmpty();
            assertThat(accepted.code()).isZero();
        }
    }

    /** As ./build does: from the sources, in a process of its own, which has the environment of the key. */
    private Command.Result dist(GpgHome gpg, String mode, String key, String... variables) throws InterruptedException {
        Path source = Path.of("src/test/java/io/lynx/systemtest/dist/Dist.java").toAbsolutePath();
        List<String> command = new ArrayList<>(gpg.environment());
        command.addAll(List.of(variables));
        command.addAll(List.of(Launch.java(), source.toString(), mode, root.toString(), "target", "--release", key));
        command.addAll(METADATA);
        return Command.run(root, Duration.ofMinutes(1), command);
    }

    private int run(String mode, List<String> properties, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(mode, root.toString(), "target"));
        arguments.addAll(properties);
        arguments.addAll(List.of(options));
        return new Dist(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
