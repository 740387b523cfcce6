package io.lynx.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of the packages of core. The rules for every module are in the system tests. */
class HouseRulesTest {
    /** Each may import only those before it. */
    private static final List<String> ORDER = List.of(
            "io.lynx.time",
            "io.lynx.extension",
            "io.lynx.extension.watch",
            "io.lynx.os",
            "io.lynx.config",
            "io.lynx.json",
            "io.lynx.security",
            "io.lynx.context",
            "io.lynx.metrics",
            "io.lynx.event",
            "io.lynx.health",
            "io.lynx.resilience",
            "io.lynx.page",
            "io.lynx.job",
            "io.lynx.leadership",
            "io.lynx.leadership.engine",
            "io.lynx.recovery",
            "io.lynx.plugin",
            "io.lynx.plugin.external",
            "io.lynx.event.bridge",
            "io.lynx.container",
            "io.lynx.app.reload",
            "io.lynx.app");

    /** What records the life of the application is made by it and reads its public types: the two import each other. */
    private static final String TELEMETRY = "io.lynx.app.telemetry";

    /** The parts of recovery behind its public types; the manager connects them, so the packages import each other. */
    private static final List<String> RECOVERY_PARTS = List.of("io.lynx.recovery.classify", "io.lynx.recovery.run");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.lynx");

    @Test
    void packagesImportOnlyThoseAboveThem() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage(ORDER.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(after(i))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    private static String[] after(int place) {
        Stream<String> parts =
                place < ORDER.indexOf("io.lynx.recovery") ? RECOVERY_PARTS.stream() : Stream.<String>empty();
        return Stream.concat(
                        Stream.concat(ORDER.subList(place + 1, ORDER.size()).stream(), parts), Stream.of(TELEMETRY))
                .toArray(String[]::new);
    }

    @Test
    void thePartsOfRecoveryAreLayers() {
        noClasses()
                .that()
                .resideInAnyPackage(RECOVERY_PARTS.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(after(ORDER.indexOf("io.lynx.recovery")))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.lynx.recovery.classify")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lynx.recovery.run")
                .check(CLASSES);
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName()).distinct())
                .filteredOn(name -> !name.equals("io.lynx.testkit")
                        && !name.equals(TELEMETRY)
                        && !RECOVERY_PARTS.contains(name)
                        && !name.isEmpty())
                .allMatch(ORDER::contains);
    }
}
