package io.lynx.systemtest.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Folders;
import io.lynx.systemtest.process.Launch;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A small test project of a user, compiled and run with each version of JUnit that the testkit supports, and without JUnit. The
 * build copies JUnit's console launchers, which contain all of JUnit, to {@code target/junit}.
 */
class JUnitVersionsTest {
    private static final Path LAUNCHERS = Path.of("target/junit").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path project;

    @BeforeAll
    static void findLaunchers() {
        assumeTrue(Files.isDirectory(LAUNCHERS), "only a build by Maven has the launchers");
    }

    static List<Path> launchers() {
        return Files.isDirectory(LAUNCHERS) ? Folders.files(LAUNCHERS, ".jar") : List.of(LAUNCHERS);
    }

    @Test
    void bothVersionsOfJUnitHaveALauncher() {
        assertThat(launchers().stream().map(jar -> jar.getFileName().toString()))
                .hasSize(2)
                .anyMatch(name -> name.contains("-1.11."))
                .anyMatch(name -> name.contains("-6."));
    }

    @ParameterizedTest
    @MethodSource("launchers")
    void theExtensionWorksAndALeakFailsTheTest(Path launcher) throws Exception {
        compile(launcher.toString(), "ShopTest", "LeakTest");

        Command.Result run = Command.run(
                project,
                PATIENCE,
                List.of(
                        java(),
                        "-cp",
                        classPath(launcher.toString()),
                        "org.junit.platform.console.ConsoleLauncher",
                        "execute",
                        "--disable-banner",
                        "--disable-ansi-colors",
                        "--details=tree",
                        "--select-class=shop.ShopTest",
                        "--select-class=shop.LeakTest"));

        assertThat(run.output())
                .contains("3 tests successful")
                .contains("1 tests failed")
                .contains("thread 'shop-poller' of plugin 'poller' still runs, at shop.LeakTest$Poller.poll(");
        assertThat(run.code()).isNotZero();
    }

    @Test
    void itWorksWithoutJUnit() throws Exception {
        compile("", "Plain");

        Command.Result run = Command.run(project, PATIENCE, List.of(java(), "-cp", classPath(""), "shop.Plain"));

        assertThat(run.output()).contains("answered lamps");
        assertThat(run.code()).isZero();
    }

    private void compile(String junit, String... sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-cp", classPath(junit), "-d"));
        arguments.add(project.resolve("classes").toString());
        for (String source : sources) {
            Path file = project.resolve(source + ".java");
            try (InputStream text =
                    Objects.requireNonNull(JUnitVersionsTest.class.getResourceAsStream(source + ".java.txt"), source)) {
                Files.write(file, text.readAllBytes());
            }
            arguments.add(file.toString());
        }
        StringWriter messages = new StringWriter();
        PrintWriter out = new PrintWriter(messages);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(code).as(messages.toString()).isZero();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The class path of the project: Lynx and what it needs, without the JUnit of this build. */
    private static String classPath(String junit) {
        String lynx = Arrays.stream(Launch.classPathOfTests().split(File.pathSeparator, -1))
                .filter(entry -> !isOfJUnit(entry) && !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        return String.join(File.pathSeparator, "classes", lynx, junit);
    }

    private static boolean isOfJUnit(String entry) {
        String name = Path.of(entry).getFileName().toString();
        return name.startsWith("junit-")
                || name.startsWith("console")
                || name.startsWith("opentest4j")
                || name.startsWith("apiguardian");
    }
}
