package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.ValidationException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewOrderTest {
    private static NewOrder priced(@Nullable String price) {
        return new NewOrder("ada", "lamp", 1, price == null ? null : new BigDecimal(price));
    }

    private static List<String> faults(NewOrder order) {
        ValidationException refused = catchThrowableOfType(ValidationException.class, order::validated);
        return refused == null
                ? List.of()
                : refused.errors().stream()
                        .map(ValidationException.FieldError::field)
                        .toList();
    }

    @Test
    void isNormalized() {
        NewOrder.Valid valid = new NewOrder(" ada ", "lamp", 3, new BigDecimal("9.9")).validated();

        assertThat(valid).isEqualTo(new NewOrder.Valid("ada", "lamp", 3, new BigDecimal("9.90")));
        assertThat(valid.total()).isEqualTo(new BigDecimal("29.70"));
    }

    @Test
    void namesEveryInvalidField() {
        ValidationException refused = catchThrowableOfType(
                ValidationException.class, () -> new NewOrder(null, " ", 0, new BigDecimal("-1")).validated());

        assertThat(refused.errors())
                .containsExactly(
                        new ValidationException.FieldError("customer", "must be 1 to 100 characters"),
                        new ValidationException.FieldError("product", "must be 1 to 100 characters"),
                        new ValidationException.FieldError("quantity", "must be a whole number from 1 to 1000"),
                        new ValidationException.FieldError(
                                "unitPrice", "must be from 0.01 to 1000000.00 with at most two decimals"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.01", "1", "1E+2", "9.900", "1000000", "1000000.00"})
    void acceptsPrice(String price) {
        assertThat(faults(priced(price))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0.01", "0.001", "9.999", "1000000.01", "1E+999999999", "1E-999999999"})
    void rejectsPrice(String price) {
        assertThat(faults(priced(price))).containsExactly("unitPrice");
    }

    @Test
    void limitsTheLengthOfTextAndTheQuantity() {
        assertThat(faults(new NewOrder("a".repeat(100), "b".repeat(101), 1000, BigDecimal.ONE)))
                .containsExactly("product");
        assertThat(faults(new NewOrder("ada", "lamp", 1001, BigDecimal.ONE))).containsExactly("quantity");
        assertThat(faults(priced(null))).containsExactly("unitPrice");
    }
}
