package io.lynx.validation;

import io.lynx.http.RequestValidator;
import io.lynx.http.ValidationException.FieldError;
import io.lynx.json.JsonCodec;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * Checks by the annotations of Jakarta Validation. Messages are in English, and nothing in them is evaluated as an expression: a
 * constraint may put what a client sent into its message. Thread-safe.
 */
final class JakartaValidator implements RequestValidator, AutoCloseable {
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
        return CheckedValues.problems(value, (object, place) -> problems(object, place, true));
    }

    @Override
    public List<FieldError> validateParameters(Record parameters) {
        return CheckedValues.problems(parameters, (object, place) -> problems(object, place, false));
    }

    private List<FieldError> problems(Object object, String place, boolean isJson) {
        Set<ConstraintViolation<Object>> violations = validator.validate(object);
        return violations.isEmpty()
                ? List.of()
                : violations.stream()
                        .map(violation -> new FieldError(
                                ViolationPath.of(place, violation.getPropertyPath(), isJson), violation.getMessage()))
                        .toList();
    }

    @Override
    public void close() {
        factory.close();
    }
}
