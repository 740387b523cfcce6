package io.lynx.http.engine.binding;

import io.lynx.http.Request;
import io.lynx.http.RequestValidator;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks by the validator of a server what was read from a request; everything is valid if there is none. */
public final class ReadValues {
    private ReadValues() {}

    /**
     * Returns a body.
     *
     * @throws ValidationException (422) if it is not valid
     */
    public static <T> T valid(@Nullable RequestValidator validator, T body) {
        List<FieldError> errors = validator == null ? List.of() : validator.validate(body);
        if (!errors.isEmpty()) {
            throw new ValidationException(422, errors, Map.of());
        }
        return body;
    }

    /**
     * Returns the parameters of a request.
     *
     * @throws ValidationException (400) if they are not valid
     */
    public static <T extends Record> T bound(@Nullable RequestValidator validator, Class<T> type, Request request) {
        T parameters = ParameterRecord.bind(request, type);
        List<FieldError> errors = validator == null ? List.of() : validator.validateParameters(parameters);
        if (!errors.isEmpty()) {
            throw ParameterRecord.invalid(type, request.route().orElse(""), errors);
        }
        return parameters;
    }
}
