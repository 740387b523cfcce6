package io.lynx.systemtest.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules that hold in every module, examples included. Those of the packages of core are in its own tests. */
final class ArchitectureRulesTest {
    /** The modules that start processes, and so have to wait in real time. */
    private static final Set<String> REAL_TIME = Set.of("io.lynx.benchmarks", "io.lynx.systemtest");

    private static final Set<String> DATES = Set.of(
            Instant.class.getName(),
            LocalDate.class.getName(),
            LocalDateTime.class.getName(),
            OffsetDateTime.class.getName(),
            ZonedDateTime.class.getName());

    /** Who may wait for a time on its own thread: everything else is woken by a scheduler, which tests can drive. */
    private static final Set<String> MAY_WAIT = Set.of(
            // A bus whose scheduler is closed already still keeps the pause before a redelivery.
            "io.lynx.event.DeliveryWorker",
            // A publisher waits for room in a queue, for as long as its overflow policy says.
            "io.lynx.event.SubscriberQueue");

    private static JavaClasses main;
    private static List<JavaClass> unitTests;

    @BeforeAll
    static void importClasses() throws IOException {
        main = new ClassFileImporter()
                .withImportOption(location -> !location.contains("test-classes"))
                .importPackages("io.lynx");
        List<Path> folders = new ArrayList<>();
        for (Path module : ProjectFiles.modules()) {
            folders.add(module.resolve("target/test-classes"));
        }
        unitTests = new ClassFileImporter()
                .importPaths(folders.stream().filter(Files::isDirectory).toList()).stream()
                        .toList();
    }

    @Test
    void everyModuleIsSeen() {
        assertThat(main.stream().map(JavaClass::getPackageName))
                .contains(
                        "io.lynx.app",
                        "io.lynx.json.jackson",
                        "io.lynx.transport.engine",
                        "io.lynx.http.engine.exchange",
                        "io.lynx.admin",
                        "io.lynx.grpc.engine",
                        "io.lynx.logging",
                        "io.lynx.testkit",
                        "io.lynx.jdbc",
                        "io.lynx.kafka",
                        "io.lynx.redis",
                        "io.lynx.micrometer",
                        "io.lynx.opentelemetry",
                        "io.lynx.security.http");
    }

    @Test
    void onlyThePackageTimeReadsAClock() {
        assertThat(accesses(main.stream())
                        .filter(access ->
                                !access.getOriginOwner().getPackageName().equals("io.lynx.time"))
                        .filter(ArchitectureRulesTest::readsAClock)
                        .map(JavaAccess::getDescription))
                .isEmpty();
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String method = access.getTarget().getName();
        boolean isSystem = owner.equals(System.class.getName())
                && (method.equals("nanoTime") || method.equals("currentTimeMillis"));
        boolean isNow = DATES.contains(owner) && method.equals("now") && takesNoClock(access);
        boolean isClock = owner.equals(Clock.class.getName()) && method.startsWith("system");
        return isSystem || isNow || isClock;
    }

    private static boolean takesNoClock(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitCallTarget call
                && call.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }

    @Test
    void nothingSleeps() {
        assertThat(accesses(Stream.concat(main.stream(), unitTests.stream()))
                        .filter(access ->
                                !access.getOriginOwner().getPackageName().equals("io.lynx.time"))
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
    void onlySchedulersWaitForATime() {
        assertThat(accesses(main.stream())
                        .filter(access ->
                                !MAY_WAIT.contains(access.getOriginOwner().getName()))
                        // It waits in a test for what happens in real time.
                        .filter(access ->
                                !access.getOriginOwner().getPackageName().equals("io.lynx.testkit"))
                        .filter(access -> access.getTargetOwner().isEquivalentTo(LockSupport.class))
                        .map(JavaAccess::getDescription)
                        .filter(description -> description.contains("parkNanos") || description.contains("parkUntil")))
                .isEmpty();
    }

    @Test
    void onlyThePackagesConfigAndAppReadTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.lynx.config..", "io.lynx.app..")
                .and()
                // Logging starts before there is a configuration.
                .doNotHaveFullyQualifiedName("io.lynx.logging.Terminal")
                .and()
                // No configuration may tell it that a terminal is safe.
                .doNotHaveFullyQualifiedName("io.lynx.security.http.DeveloperTerminal")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(main);
    }

    @Test
    void onlyThePackagesAppAndOsEndTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.lynx.app..", "io.lynx.os..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(main);
    }

    @Test
    void onlyTheTransportUsesItsEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.lynx.transport.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(main);
    }

    @Test
    void noModuleUsesTheInternalsOfAnother() {
        for (String module : List.of("io.lynx.transport", "io.lynx.http", "io.lynx.grpc")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage(module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(module + "..engine..")
                    .check(main);
        }
    }

    private static Stream<JavaAccess<?>> accesses(Stream<JavaClass> types) {
        return types.filter(type -> REAL_TIME.stream().noneMatch(type.getPackageName()::startsWith))
                .flatMap(type -> type.getAccessesFromSelf().stream());
    }
}
