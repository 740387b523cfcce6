package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerSection;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The default of a key stands in the annotation of its record, and in no code beside it. */
class DefaultsStatedOnceTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.lynx");

    private static boolean hasDefaults(JavaClass type) {
        Class<?> loaded = type.reflect();
        return loaded.isRecord()
                && Arrays.stream(loaded.getRecordComponents())
                        .anyMatch(component -> component.isAnnotationPresent(Default.class));
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    @Test
    void recordsWithDefaultsAreConstructedOnlyByTheBinderAndByThemselves() {
        List<JavaClass> records =
                CLASSES.stream().filter(DefaultsStatedOnceTest::hasDefaults).toList();

        assertThat(records).hasSizeGreaterThan(8);
        assertThat(records).allSatisfy(type -> assertThat(type.getConstructorCallsToSelf())
                .allMatch(call -> outermost(call.getOriginOwner()).equals(outermost(type))));
    }

    @Test
    void theBuilderOfBreakersStartsFromTheDefaultsOfItsSection() {
        CircuitBreakerConfig built = CircuitBreakerConfig.defaults();
        CircuitBreakerConfig configured =
                Binding.defaults(CircuitBreakerSection.class).common();

        assertThat(built).usingRecursiveComparison().ignoringFields("failure").isEqualTo(configured);
    }
}
