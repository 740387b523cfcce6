package io.lynx.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.validation.Validator;
import io.avaje.validation.adapter.ValidationAdapter;
import io.avaje.validation.adapter.ValidationContext;
import io.avaje.validation.adapter.ValidationRequest;
import io.lynx.http.ValidationException.FieldError;
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
    void typesWithoutGeneratedCodeAreValid() {
        assertThat(validator.validate("text")).isEmpty();
        assertThat(validator.validate(List.of("text"))).isEmpty();
    }

    @Test
    void whatAConstraintThrowsIsNotSwallowed() {
        assertThatThrownBy(() -> validator.validate(new Line(13))).hasMessage("no words");
    }
}
