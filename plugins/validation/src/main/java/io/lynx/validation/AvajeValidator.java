package io.lynx.validation;

import io.avaje.validation.Validator;
import io.lynx.http.RequestValidator;
import io.lynx.http.ValidationException.FieldError;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks by the code that avaje-validator has generated. A type without generated code has no constraints. Fields have their names in
 * Java; messages are in English. Thread-safe.
 */
final class AvajeValidator implements RequestValidator {
    private final Validator validator;

    /** The library refuses a type without generated code by an exception that a constraint could throw too. */
    private final ClassValue<Boolean> isChecked = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                Object _ = validator.context().adapter(type);
                return true;
            } catch (IllegalArgumentException withoutCode) {
                return false;
            }
        }
    };

    AvajeValidator(Validator validator) {
        this.validator = validator;
    }

    static AvajeValidator create() {
        return new AvajeValidator(
                Validator.builder().setDefaultLocale(Locale.ENGLISH).build());
    }

    @Override
    public List<FieldError> validate(Object value) {
        Object sample = value instanceof Collection<?> elements ? firstOf(elements) : value;
        if (sample == null || !isChecked.get(sample.getClass())) {
            return List.of();
        }
        return validator.check(value, Locale.ENGLISH).stream()
                .map(violation -> new FieldError(violation.path(), violation.message()))
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                .limit(JakartaValidator.MOST_ERRORS)
                .toList();
    }

    private static @Nullable Object firstOf(Collection<?> elements) {
        return elements.isEmpty() ? null : elements.iterator().next();
    }
}
