package io.lynx.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.validation.Validator;
import io.avaje.validation.adapter.ValidationAdapter;
import io.avaje.validation.adapter.ValidationContext;
import io.avaje.validation.adapter.ValidationRequest;
import io.lynx.http.ValidationException.FieldError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What avaje-validator reports; the adapter stands for the one that its processor generates. */
class AvajeValidatorTest {
    record Line(int quantity) {}

    private record LineAdapter(ValidationContext context) implements ValidationAdapter<Line> {
        @Override
        public boolean validate(Line line, ValidationRequest request, String name) {
            if (line.quantity() == 13) {
                throw new IllegalArgumentException("no words");
            }
            if (line.quantity() < 1) {
                request.addViolation(context.message("must be greater than 0", Map.of()), "quantity");
            }
            return true;
        }
    }

    private final AvajeValidator validator = new AvajeValidator(
            Validator.builder().add(Line.class, LineAdapter::new).build());

    @Test
    void problemsAreFields() {
        assertThat(validator.validate(new Line(1))).isEmpty();
        assertThat(validator.validate(new Line(0)))
                .containsExactly(new FieldError("quantity", "must be greater than 0"));
        assertThat(validator.validate(List.of())).isEmpty();
    }

    @Test
    void nothingHidesAnObjectInACollection() {
        FieldError problem = new FieldError("[1].quantity", "must be greater than 0");
        Line bad = new Line(0);
        assertThat(validator.validate(Arrays.asList(null, bad))).containsExactly(problem);
        assertThat(validator.validate(List.of("text", bad))).containsExactly(problem);
        assertThat(validator.validate(new Line[] {new Line(1), bad})).containsExactly(problem);
        assertThat(validator.validate(Map.of("first", List.of(List.of(bad)))))
                .containsExactly(new FieldError("first[0][0].quantity", "must be greater than 0"));
        assertThat(validator.validate(Map.of("k".repeat(1000), bad)).getFirst().field())
                .hasSizeLessThan(100);
        assertThat(validator.validate(Collections.nCopies(1000, bad))).hasSize(100);
    }

    @Test
    void typesWithoutGeneratedCodeAreValid() {
        assertThat(validator.validate("text")).isEmpty();
        assertThat(validator.validate(List.of("text"))).isEmpty();
        assertThat(validator.validate(List.of(Path.of("a")))).isEmpty();
    }

    @Test
    void whatAConstraintThrowsIsNotSwallowed() {
        assertThatThrownBy(() -> validator.validate(new Line(13))).hasMessage("no words");
    }
}
