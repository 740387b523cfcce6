package io.lynx.examples.orders;

import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to place an order; fields may be missing until {@link #validated} has checked them. Amounts are
 * decimal numbers of euros, since binary fractions cannot represent a cent.
 */
record NewOrder(
        @Nullable String customer,
        @Nullable String product,
        @Nullable Integer quantity,
        @Nullable BigDecimal unitPrice) {
    private static final int MAX_TEXT = 100;
    private static final int MAX_QUANTITY = 1_000;
    private static final BigDecimal MAX_PRICE = new BigDecimal("1000000.00");

    /** An order that can be placed. */
    record Valid(String customer, String product, int quantity, BigDecimal unitPrice) {
        BigDecimal total() {
            return unitPrice.multiply(BigDecimal.valueOf(quantity));
        }
    }

    /**
     * Returns the order if it can be placed.
     *
     * @throws ValidationException with every invalid field
     */
    Valid validated() {
        List<FieldError> errors = new ArrayList<>();
        text("customer", customer, errors);
        text("product", product, errors);
        if (quantity == null || quantity < 1 || quantity > MAX_QUANTITY) {
            errors.add(new FieldError("quantity", "must be a whole number from 1 to " + MAX_QUANTITY));
        }
        if (unitPrice == null || !isPrice(unitPrice)) {
            errors.add(new FieldError("unitPrice", "must be from 0.01 to " + MAX_PRICE + " with at most two decimals"));
        }
        if (customer == null || product == null || quantity == null || unitPrice == null || !errors.isEmpty()) {
            throw new ValidationException(errors);
        }
        return new Valid(customer.strip(), product.strip(), quantity, unitPrice.setScale(2));
    }

    private static void text(String field, @Nullable String value, List<FieldError> errors) {
        if (value == null || value.isBlank() || value.strip().length() > MAX_TEXT) {
            errors.add(new FieldError(field, "must be 1 to " + MAX_TEXT + " characters"));
        }
    }

    private static boolean isPrice(BigDecimal value) {
        return value.signum() > 0
                && value.compareTo(MAX_PRICE) <= 0
                && value.stripTrailingZeros().scale() <= 2;
    }
}
