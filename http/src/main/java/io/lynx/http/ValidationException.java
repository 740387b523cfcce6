package io.lynx.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A request that could be read but contains values that are not allowed. Its answer names all of them: a 422 for a body, a 400
 * for parameters.
 */
public class ValidationException extends HttpException {
    private final List<FieldError> errors;

    /**
     * A field and what is wrong with it.
     *
     * @param field its path in the body, such as {@code items[0].quantity}, or the name of a parameter
     * @param message for the client
     * @param in where a parameter is: {@code query}, {@code path}, {@code header} or {@code cookie}; empty for a field of the body
     */
    public record FieldError(String field, String message, String in) {
        /** A field of the body. */
        public FieldError(String field, String message) {
            this(field, message, "");
        }
    }

    /** One field of the body is at fault. */
    public ValidationException(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** These fields of the body are at fault. */
    public ValidationException(List<FieldError> errors) {
        this(422, errors, Map.of());
    }

    /**
     * These fields or parameters are at fault; the answer has that status and those headers.
     *
     * @throws IllegalArgumentException if the status is not 400 to 599
     */
    public ValidationException(int status, List<FieldError> errors, Map<String, String> headers) {
        super(status, errors.stream().map(ValidationException::text).collect(Collectors.joining("; ")), headers);
        this.errors = List.copyOf(errors);
    }

    private static String text(FieldError error) {
        String place = error.in().isEmpty() ? error.field() : error.in() + " " + error.field();
        return place.isEmpty() ? error.message() : place + ": " + error.message();
    }

    /** Every field at fault. */
    public final List<FieldError> errors() {
        return errors;
    }
}
