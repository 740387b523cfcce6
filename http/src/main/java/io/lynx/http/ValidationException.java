package io.lynx.http;

import java.util.List;
import java.util.stream.Collectors;

/** A body that could be read but says what cannot be: a 422 that names every field at fault. */
public final class ValidationException extends HttpException {
    private final List<FieldError> errors;

    /**
     * A field and what is wrong with it.
     *
     * @param field its path in the body, such as {@code items[0].quantity}
     * @param message for the client
     */
    public record FieldError(String field, String message) {}

    /** One field is at fault. */
    public ValidationException(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** These fields are at fault. */
    public ValidationException(List<FieldError> errors) {
        super(
                422,
                errors.stream()
                        .map(error -> error.field() + ": " + error.message())
                        .collect(Collectors.joining("; ")));
        this.errors = List.copyOf(errors);
    }

    /** Every field at fault. */
    public List<FieldError> errors() {
        return errors;
    }
}
