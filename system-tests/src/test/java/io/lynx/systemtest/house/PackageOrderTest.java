package io.lynx.systemtest.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of the packages behind the interface of a module. That of core is in its own tests. */
final class PackageOrderTest {
    /**
     * The packages of a module.
     *
     * @param api the exported ones. They have no place in the order: they create what is behind them, which uses their types
     * @param order each may import only those before it
     */
    record Module(List<String> api, List<String> order) {
        JavaClasses classes() {
            return new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(api.getFirst());
        }

        @Override
        public String toString() {
            return api.getFirst();
        }
    }

    private static Stream<Module> modules() {
        return Stream.of(
                new Module(
                        List.of("io.lynx.transport"),
                        List.of(
                                "io.lynx.transport.engine.framing",
                                "io.lynx.transport.engine.tls",
                                "io.lynx.transport.engine.turn",
                                "io.lynx.transport.engine.outgoing",
                                "io.lynx.transport.engine.connection",
                                "io.lynx.transport.engine")),
                new Module(
                        List.of("io.lynx.http", "io.lynx.http.client", "io.lynx.http.websocket"),
                        List.of(
                                "io.lynx.http.engine.head",
                                "io.lynx.http.engine.problem",
                                "io.lynx.http.engine.binding",
                                "io.lynx.http.engine.interceptor",
                                "io.lynx.http.engine.routing",
                                "io.lynx.http.engine.telemetry",
                                "io.lynx.http.engine.body",
                                "io.lynx.http.engine.answer",
                                "io.lynx.http.engine.exchange",
                                "io.lynx.http.engine.files",
                                "io.lynx.http.websocket.engine",
                                "io.lynx.http.client.engine.pool",
                                "io.lynx.http.client.engine.call",
                                "io.lynx.http.client.engine.telemetry",
                                "io.lynx.http.client.engine.balance",
                                "io.lynx.http.client.engine",
                                "io.lynx.http.client.service")),
                new Module(
                        List.of("io.lynx.grpc", "io.lynx.grpc.client"),
                        List.of("io.lynx.grpc.engine.wire", "io.lynx.grpc.engine", "io.lynx.grpc.client.engine")));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesImportOnlyThoseBeforeThem(Module module) {
        JavaClasses classes = module.classes();
        List<String> order = module.order();
        for (int i = 0; i < order.size() - 1; i++) {
            // It fails for a package without classes, too.
            noClasses()
                    .that()
                    .resideInAPackage(order.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(order.subList(i + 1, order.size()).toArray(String[]::new))
                    .check(classes);
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void everyPackageHasItsPlaceInTheOrder(Module module) {
        assertThat(module.classes().stream().map(JavaClass::getPackageName).distinct())
                .filteredOn(name -> !module.api().contains(name))
                .containsExactlyInAnyOrderElementsOf(module.order());
    }
}
