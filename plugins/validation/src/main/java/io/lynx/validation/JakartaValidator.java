package io.lynx.validation;

import io.lynx.http.RequestValidator;
import io.lynx.http.ValidationException.FieldError;
import io.lynx.json.JsonCodec;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * Checks by the annotations of Jakarta Validation. Messages are in English, and nothing in them is evaluated as an expression: a
 * constraint may put what a client sent into its message. Thread-safe.
 */
final class JakartaValidator implements RequestValidator, AutoCloseable {
    /** Further problems are not listed: a body may have thousands of elements, and each would have its text in the answer. */
    static final int MOST_ERRORS = 100;

    private final ValidatorFactory factory;
    private final Validator validator;

    private JakartaValidator(ValidatorFactory factory) {
        this.factory = factory;
        this.validator = factory.getValidator();
    }

    /** Creates one that names the fields as {@code codec} does. */
    static JakartaValidator create(JsonCodec codec) {
        return new JakartaValidator(Validation.byProvider(HibernateValidator.class)
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator(
                        Set.of(Locale.ENGLISH), Locale.ENGLISH, _ -> Locale.ENGLISH, false))
                .propertyNodeNameProvider(new NodeNames(codec))
                .buildValidatorFactory());
    }

    @Override
    public List<FieldError> validate(Object value) {
        List<FieldError> errors = new ArrayList<>(0);
        check(value, "", true, errors);
        return errors;
    }

    @Override
    public List<FieldError> validateParameters(Record parameters) {
        List<FieldError> errors = new ArrayList<>(0);
        check(parameters, "", false, errors);
        return errors;
    }

    /** A collection has no constraints of its own; its elements are the values to check. */
    private void check(Object value, String place, boolean isJson, List<FieldError> errors) {
        switch (value) {
            case Iterable<?> elements -> {
                int index = 0;
                for (Object element : elements) {
                    if (element != null && errors.size() < MOST_ERRORS) {
                        check(element, place + "[" + index + "]", isJson, errors);
                    }
                    index++;
                }
            }
            case Map<?, ?> map ->
                map.forEach((key, element) -> {
                    if (element != null && errors.size() < MOST_ERRORS) {
                        check(element, ViolationPath.join(place, String.valueOf(key)), isJson, errors);
                    }
                });
            default -> checkObject(value, place, isJson, errors);
        }
    }

    private void checkObject(Object value, String place, boolean isJson, List<FieldError> errors) {
        Set<ConstraintViolation<Object>> violations = validator.validate(value);
        if (!violations.isEmpty()) {
            violations.stream()
                    .map(violation -> new FieldError(
                            ViolationPath.of(place, violation.getPropertyPath(), isJson), violation.getMessage()))
                    .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                    .limit(MOST_ERRORS - (long) errors.size())
                    .forEach(errors::add);
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
