package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigurationException.ConfigProblem;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourcesTest {
    private static final ConfigSection<Server> SERVER = ConfigSection.of("lynx.server", Server.class);

    @TempDir
    Path directory;

    record Server(
            @Default("8080") int port, @Default("localhost") String host) {}

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ConfigSources here() {
        return ConfigSources.none().workingDirectory(directory);
    }

    private static List<String> messages(Config config) {
        return config.problems().stream().map(ConfigProblem::message).toList();
    }

    private static ConfigEntry port(ConfigSources sources) {
        Binding binding = sources.load().bind(SERVER).orThrow();
        return binding.table().stream()
                .filter(entry -> entry.key().equals("lynx.server.port"))
                .findFirst()
                .orElseThrow();
    }

    private static String yaml(int port) {
        return "lynx:\n  server:\n    port: " + port + "\n";
    }

    @Test
    void laterSourcesOverrideEarlierOnes() throws Exception {
        write("packaged/config.yml", yaml(1));
        write("packaged/config-prod.yml", yaml(3));
        write("config.yml", yaml(2));
        write("config-prod.yml", yaml(4));
        ConfigSources sources = ConfigSources.none();

        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("8080", "default");
        try (URLClassLoader packaged = new URLClassLoader(
                new URL[] {directory.resolve("packaged").toUri().toURL()}, null)) {
            sources.classLoader(packaged);
            assertThat(port(sources))
                    .extracting(ConfigEntry::value, ConfigEntry::source)
                    .containsExactly("1", "classpath:config.yml:3");
            sources.workingDirectory(directory);
            assertThat(port(sources))
                    .extracting(ConfigEntry::value, ConfigEntry::source)
                    .containsExactly("2", "config.yml:3");
            sources.environment(Map.of("LYNX_PROFILE", "prod"));
            assertThat(port(sources))
                    .extracting(ConfigEntry::value, ConfigEntry::source)
                    .containsExactly("4", "config-prod.yml:3");
            assertThat(sources.load().sources())
                    .containsExactly(
                            "classpath:config.yml", "config.yml", "classpath:config-prod.yml", "config-prod.yml");
            assertThat(sources.load().files())
                    .containsExactly(directory.resolve("config.yml"), directory.resolve("config-prod.yml"));
        }
        sources.yaml("in code", yaml(5));
        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("5", "in code:3");
        sources.environment(Map.of("LYNX_SERVER_PORT", "6"));
        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("6", "env LYNX_SERVER_PORT");
        sources.systemProperties(Map.of("lynx.server.port", "7"));
        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("7", "-Dlynx.server.port");
        sources.args("--lynx.server.port=8");
        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("8", "--lynx.server.port");
        sources.value("lynx.server.port", "9", "a test");
        assertThat(port(sources))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("9", "a test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config conf/app.yml", "--config=conf/app.yml", "--lynx.config=conf/app.yml"})
    void namedFileReplacesTheOneInTheWorkingDirectory(String args) throws Exception {
        write("config.yml", yaml(1));
        write("conf/app.yml", yaml(2));

        assertThat(port(here().args(args.split(" "))))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("2", "conf/app.yml:3");
    }

    @Test
    void profilesOfANamedFileAreReadBesideIt() throws Exception {
        write("conf/app.yml", yaml(1));
        write("conf/app-eu.yml", yaml(2));
        write("conf/app-test.yml", "lynx.server.host: eu\n");

        Binding binding = here().environment(Map.of("LYNX_CONFIG_PATH", "conf/app.yml", "LYNX_PROFILE", "eu, test"))
                .load()
                .bind(SERVER)
                .orThrow();

        assertThat(binding.get(SERVER)).isEqualTo(new Server(2, "eu"));
        assertThat(binding.warnings()).isEmpty();
    }

    @Test
    void systemPropertyOverridesTheVariableThatNamesTheProfile() throws Exception {
        write("config-a.yml", yaml(1));
        write("config-b.yml", yaml(2));
        ConfigSources sources = here().environment(Map.of("LYNX_PROFILE", "a"));

        assertThat(port(sources).value()).isEqualTo("1");
        assertThat(port(sources.systemProperties(Map.of("lynx.profile", "b"))).value())
                .isEqualTo("2");
        assertThat(port(sources.args("--profile=a")).value()).isEqualTo("1");
    }

    @Test
    void missingFilesAndProfilesAreProblems() {
        Config config = here().args("--config", "nowhere.yml", "--profile", "prod,../etc")
                .load();

        assertThat(messages(config))
                .containsExactly(
                        "configuration file: 'nowhere.yml' does not exist (--config); the path of a YAML file",
                        "profile: 'prod' has no file (--profile); add nowhere-prod.yml, or config-prod.yml to the"
                                + " class path",
                        "profile: '../etc' (--profile); names of letters, digits, dots, dashes and underscores,"
                                + " separated by commas");
    }

    @Test
    void unreadFilesDoNotMakeKeysMissing() throws Exception {
        write("config.yml", "lynx: [\n");

        Binding binding = here().load().bind(SeedConfigurationTest.APPLICATION);

        assertThat(binding.problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .startsWith("config.yml:2:1: not YAML");
    }

    @Test
    void aDirectoryIsAProblem() throws Exception {
        Files.createDirectory(directory.resolve("config.yml"));

        assertThat(messages(here().load())).containsExactly("config.yml: is a directory; a YAML file");
    }

    @Test
    void anUnreadableFileIsAProblem() throws Exception {
        write("config.yml", yaml(1));
        Files.setPosixFilePermissions(directory.resolve("config.yml"), PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(directory.resolve("config.yml")));

        assertThat(messages(here().load()))
                .containsExactly("config.yml: may not be read; let the process's user read it");
    }

    @Test
    void aHugeFileIsRefused() throws Exception {
        Files.write(directory.resolve("config.yml"), "a: b\n".repeat(2 << 20).getBytes(StandardCharsets.UTF_8));

        assertThat(messages(here().load()))
                .containsExactly("config.yml: more than 4MiB; a configuration file is smaller");
    }

    @Test
    void invalidUtf8IsReportedWithItsPlace() throws Exception {
        Files.write(directory.resolve("config.yml"), "a: 1\nb: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(messages(here().load()))
                .containsExactly("config.yml:2: not UTF-8 at byte 8; save the file as UTF-8");
    }

    @Test
    void byteOrderMarkAndWindowsLineEndsAreAccepted() throws Exception {
        write("config.yml", "\uFEFFlynx:\r\n  server:\r\n    port: 81\r\n");

        assertThat(port(here()))
                .extracting(ConfigEntry::value, ConfigEntry::source)
                .containsExactly("81", "config.yml:3");
    }

    @Test
    void aFileWithTheOtherExtensionIsAWarning() throws Exception {
        write("config.yaml", yaml(1));

        assertThat(here().load().bind(SERVER).warnings())
                .containsExactly("config.yaml: not read; rename it to config.yml, or name it with --config");
    }

    @Test
    void otherArgumentsAreLeftToTheApplication() {
        Config config = ConfigSources.none()
                .args(
                        "import",
                        "-v",
                        "--lynx.server.port=1",
                        "--dry-run",
                        "--orders.size=3",
                        "--limit=4",
                        "--",
                        "--lynx.x=1")
                .load();

        assertThat(config.arguments()).containsExactly("import", "-v", "--dry-run", "--limit=4", "--lynx.x=1");
        assertThat(config.problems()).isEmpty();
        assertThat(config.hasSection("orders")).isTrue();
    }

    @Test
    void argumentsWithoutValueAreProblems() {
        assertThat(messages(ConfigSources.none()
                        .args("--lynx.server.port", "80", "--config")
                        .load()))
                .containsExactly(
                        "--lynx.server.port: no value; write --lynx.server.port=VALUE",
                        "--config: no value; write --config=PATH");
    }

    @Test
    void eachLoadReadsTheSourcesAgain() throws Exception {
        write("config.yml", yaml(1));
        ConfigSources sources = here();
        Binding before = sources.load().bind(SERVER);
        write("config.yml", yaml(2));

        Binding after = sources.load().bind(SERVER);

        assertThat(before.changesTo(after)).singleElement().satisfies(change -> {
            assertThat(change.key()).isEqualTo("lynx.server.port");
            assertThat(change.before())
                    .isNotNull()
                    .extracting(ConfigEntry::value)
                    .isEqualTo("1");
            assertThat(change.after())
                    .isNotNull()
                    .extracting(ConfigEntry::value)
                    .isEqualTo("2");
        });
        assertThat(before.changesTo(before)).isEmpty();
    }

    @Test
    void propertiesOfTheJvmAreNotConfiguration() {
        record User(@Default("x") String name) {}
        ConfigSection<User> user = ConfigSection.of("user", User.class);

        Binding binding = ConfigSources.none()
                .systemProperties(Map.of("user.name", "root", "user.dir", "/"))
                .load()
                .bind(user);

        assertThat(binding.problems()).isEmpty();
        assertThat(binding.get(user).name()).isEqualTo("x");
    }

    @Test
    void presenceOfASectionIsKnownBeforeItIsBound() {
        assertThat(ConfigSources.none().yaml("a", "lynx:\n  server:\n").load().hasSection("lynx.server"))
                .isTrue();
        assertThat(ConfigSources.none().args("--lynx.server.port=1").load().hasSection("lynx.server"))
                .isTrue();
        assertThat(ConfigSources.none()
                        .yaml("a", "lynx:\n  servers: 1\n")
                        .load()
                        .hasSection("lynx.server"))
                .isFalse();
        Config byVariable = ConfigSources.none()
                .environment(Map.of("LYNX_SERVER_PORT", "1"))
                .load();
        assertThat(byVariable.hasSection("lynx.server")).isFalse();
        assertThat(byVariable.hasSection(SERVER)).isTrue();
    }
}
