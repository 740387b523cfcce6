package io.lynx.validation;

import io.avaje.validation.Validator;
import io.lynx.http.RequestValidator;
import io.lynx.http.ValidationException.FieldError;
import java.util.List;
import java.util.Locale;

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
        return CheckedValues.problems(value, this::problems);
    }

    private List<FieldError> problems(Object object, String place) {
        if (!isChecked.get(object.getClass())) {
            return List.of();
        }
        return validator.check(object, Locale.ENGLISH).stream()
                .map(violation -> new FieldError(ViolationPath.join(place, violation.path()), violation.message()))
                .toList();
    }
}
