package io.lynx.http;

import io.lynx.extension.ExtensionPoint;
import io.lynx.http.ValidationException.FieldError;
import java.util.List;

/**
 * Checks the objects that {@link Request#json} and {@link Request#bind} have read, by annotations for example, before the handler
 * receives them. It is thread-safe.
 */
@ExtensionPoint(thread = "the handler's thread", deadline = "that of the handler")
@FunctionalInterface
public interface RequestValidator {
    /**
     * Returns what is wrong with {@code value}; empty if it is valid. The messages reach the client.
     *
     * @throws HttpException becomes the answer
     */
    List<FieldError> validate(Object value);

    /**
     * Returns what is wrong with a record that {@link Request#bind} has read, by the names of its components; the server puts the names
     * of the parameters in their place.
     *
     * @throws HttpException becomes the answer
     */
    default List<FieldError> validateParameters(Record parameters) {
        return validate(parameters);
    }
}
