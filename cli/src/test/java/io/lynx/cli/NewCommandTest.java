package io.lynx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void setVersion() {
        System.setProperty("lynx.version", "1.2.3");
    }

    @AfterEach
    void clearVersion() {
        System.clearProperty("lynx.version");
    }

    @Test
    void writesAProjectUnderItsNames() throws IOException {
        int code = run("new", "greeter", "--group", "org.acme", "--package=org.acme.hello");

        assertThat(code).isZero();
        assertThat(text(err)).isEmpty();
        Path project = folder.resolve("greeter");
        assertThat(project.resolve("src/main/java/org/acme/hello/Main.java"))
                .content()
                .startsWith("package org.acme.hello;");
        assertThat(project.resolve("pom.xml"))
                .content()
                .contains("<groupId>org.acme</groupId>")
                .contains("<artifactId>greeter</artifactId>")
                .contains("<version>1.2.3</version>")
                .contains("<lynx.main.class>org.acme.hello.Main</lynx.main.class>");
        assertThat(project.resolve(".gitignore")).exists();
        assertThat(Files.isExecutable(project.resolve("run"))).isTrue();
    }

    @Test
    void leavesNothingOfTheTemplatesNames() throws IOException {
        assertThat(run("new", "greeter", "--group", "org.acme", "--plugins", "micrometer"))
                .isZero();

        try (Stream<Path> files = Files.walk(folder.resolve("greeter"))) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(file)
                    .content()
                    .doesNotContain("my-service")
                    .doesNotContain("com.example")
                    .doesNotContain("@plugins@")
                    .doesNotContain("@lynx"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaa.first", "io.lynx.acme", "io.zebra", "org.acme", "org.junit.more", "zz.last"})
    void sortsImportsWhateverThePackage(String packageName) throws IOException {
        assertThat(run("new", "greeter", "--package", packageName)).isZero();

        Path test = folder.resolve("greeter/src/test/java")
                .resolve(packageName.replace('.', '/'))
                .resolve("MainTest.java");
        List<String> imports = Files.readAllLines(test).stream()
                .filter(line -> line.startsWith("import ") && !line.startsWith("import static "))
                .map(line -> line.replace(";", ""))
                .toList();
        assertThat(imports)
                .contains("import " + packageName + ".GreetingPlugin.Greeting")
                .hasSize(6)
                .isSorted();
        assertThat(test).content().startsWith("package " + packageName + ";\n\nimport static org.assertj");
    }

    @Test
    void addsWhatPluginsNeed() {
        assertThat(run("new", "greeter", "--plugins", "opentelemetry, micrometer,admin"))
                .isZero();

        assertThat(folder.resolve("greeter/pom.xml"))
                .content()
                .contains("<artifactId>lynx-micrometer</artifactId>")
                .contains("<artifactId>lynx-opentelemetry</artifactId>");
        assertThat(folder.resolve("greeter/src/main/resources/config.yml"))
                .content()
                .contains("\n  micrometer:\n")
                .contains("\n  opentelemetry:\n")
                .contains("\n  # admin:\n");
    }

    @Test
    void addsATestOnARealServerForEachPluginThatHasOne() {
        assertThat(run("new", "greeter", "--group", "org.acme", "--plugins", "jdbc,redis,kafka"))
                .isZero();

        Path tests = folder.resolve("greeter/src/test/java/org/acme/greeter");
        assertThat(tests.resolve("DatabaseTest.java"))
                .content()
                .contains("package org.acme.greeter;", "@WithPostgres\n");
        assertThat(tests.resolve("RedisTest.java")).content().contains("@WithRedis\n");
        assertThat(tests.resolve("KafkaTest.java")).content().contains("@WithKafka\n");
        assertThat(folder.resolve("greeter/pom.xml"))
                .content()
                .contains("<artifactId>lynx-jdbc-test</artifactId>\n            <scope>test</scope>")
                .contains("<artifactId>lynx-redis-test</artifactId>")
                .contains("<artifactId>lynx-kafka-test</artifactId>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "new | the name of the project is missing",
                "new a b | one name is allowed, not 2: a b",
                "new Greeter | 'Greeter' is not a name; lower-case letters, digits and dashes are allowed",
                "new greeter- | 'greeter-' is not a name",
                "new 1greeter | '1greeter' is not a name",
                "new switch | --package: 'com.example.switch' is not the name of a Java package; choose another one",
                "new a --package 1x | --package: '1x' is not the name of a Java package; write one such as"
                        + " com.example.greeter",
                "new a --package java.x | --package: 'java.x' belongs to the JDK; choose another one",
                "new a --group ../x | --group: '../x' is not a Maven group; write one such as com.example",
                "new a --plugins jpa | --plugins: 'jpa' is not a plugin; there are: admin, grpc, jdbc, kafka, micrometer, openapi, opentelemetry, redis, security, validation",
                "new a --plugins | --plugins: its value is missing",
                "new a --dir= | --dir: its value is empty",
                "new a --dir x --dir y | --dir: given twice",
                "new a --force | '--force' is not an option; there are: --dir, --group, --package, --plugins",
            })
    void refusesInvalidArgumentsAndWritesNothing(String line, String message) throws IOException {
        int code = run(line.split(" ", -1));

        assertThat(code).isEqualTo(Cli.USAGE);
        assertThat(text(err)).contains("new: " + message);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThat(run("new", "Greeter", "--group", "", "--plugins", "jpa,micrometer"))
                .isEqualTo(Cli.USAGE);

        assertThat(text(err)).contains("'Greeter'").contains("--group").contains("'jpa'");
    }

    @Test
    void refusesAFolderThatIsNotEmpty() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("note.txt"), "mine");

        int code = run("new", "greeter", "--dir", "other");

        assertThat(code).isEqualTo(Cli.USAGE);
        assertThat(text(err))
                .contains("new: --dir: '" + other + "' is not empty; an empty or a missing folder is needed");
        try (Stream<Path> files = Files.list(other)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void refusesAFile() throws IOException {
        Files.writeString(folder.resolve("greeter"), "mine");

        assertThat(run("new", "greeter")).isEqualTo(Cli.USAGE);

        assertThat(text(err)).contains("is a file; an empty or a missing folder is needed");
    }

    @Test
    void usesAnEmptyFolder() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        assertThat(run("new", "greeter", "--dir", "empty")).isZero();

        assertThat(empty.resolve("pom.xml")).exists();
    }

    @Test
    void showsItsOptions() {
        assertThat(run("new", "--help")).isZero();

        assertThat(text(out))
                .contains("--plugins")
                .contains(
                        "there are: admin, grpc, jdbc, kafka, micrometer, openapi, opentelemetry, redis, security, validation");
    }

    private int run(String... arguments) {
        return new Cli(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        folder)
                .run(List.of(arguments));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
