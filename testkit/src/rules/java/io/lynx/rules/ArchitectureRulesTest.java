package io.lynx.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The rules that hold in every module. Each module compiles this class with its own tests and applies it to its own classes:
 * those in its {@code target} folder.
 */
class ArchitectureRulesTest {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path MAIN = MODULE.resolve("target/classes");
    private static final Path TESTS = MODULE.resolve("target/test-classes");

    /** Modules whose code runs as a process of its own and so has to wait for real. */
    private static final Set<String> REAL_TIME = Set.of("system-tests", "benchmarks");

    private static final Set<String> CLOCK_TYPES = Set.of(
            Instant.class.getName(),
            LocalDate.class.getName(),
            LocalDateTime.class.getName(),
            ZonedDateTime.class.getName());

    private static JavaClasses main;
    private static JavaClasses all;

    @BeforeAll
    static void importClasses() {
        assumeTrue(Files.isDirectory(TESTS), "only a build by Maven has the classes in target");
        main = new ClassFileImporter().importPaths(MAIN);
        all = new ClassFileImporter().importPaths(MAIN, TESTS);
    }

    private static boolean isRealTime() {
        return REAL_TIME.contains(MODULE.getFileName().toString());
    }

    private static boolean mayReadAClock(JavaClass type) {
        String name = type.getPackageName();
        return name.equals("io.lynx.time")
                || name.startsWith("io.lynx.benchmarks")
                || name.startsWith("io.lynx.systemtest");
    }

    @Test
    void onlyThePackageOfTimeReadsAClock() {
        assertThat(main.stream()
                        .filter(type -> !mayReadAClock(type))
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(ArchitectureRulesTest::readsAClock)
                        .map(JavaAccess::getDescription))
                .isEmpty();
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String method = access.getTarget().getName();
        boolean isSystem = owner.equals(System.class.getName())
                && (method.equals("nanoTime") || method.equals("currentTimeMillis"));
        boolean isNow = CLOCK_TYPES.contains(owner) && method.equals("now");
        boolean isClock = owner.equals(Clock.class.getName()) && method.startsWith("system");
        return isSystem || isNow || isClock;
    }

    @Test
    void nothingSleeps() {
        assumeTrue(!isRealTime(), "processes are waited for in real time");
        assertThat(all.stream()
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(ArchitectureRulesTest::sleeps)
                        .map(JavaAccess::getDescription))
                .isEmpty();
    }

    private static boolean sleeps(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return access.getTarget().getName().equals("sleep")
                && (owner.equals(Thread.class.getName()) || owner.equals(TimeUnit.class.getName()));
    }

    @Test
    void onlyConfigurationAndTheProcessReadTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.lynx.config..", "io.lynx.app..", "io.lynx.systemtest..", "io.lynx.benchmarks..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void onlyTheTransportKnowsItsEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.lynx.transport..", "io.lynx.grpc.engine..", "io.lynx.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void noTypeHasANameThatSaysNothing() {
        assertThat(main.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> type.getSimpleName().matches(".*(Impl|Utils?|Helper|Manager|Base|Data|Info)"))
                        .map(JavaClass::getSimpleName)
                        .filter(name ->
                                !List.of("ErrorRecoveryManager", "BuildInfo").contains(name)))
                .isEmpty();
    }
}
