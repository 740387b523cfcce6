package io.lynx.json.jackson;

import io.lynx.config.Masking;
import io.lynx.json.JsonCodec.JsonReadException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Translates Jackson's exceptions into messages for the sender of the JSON. Jackson's own messages are not passed on: they name
 * classes and repeat the input. Immutable.
 */
final class ReadProblems {
    private static final int MAX_SHOWN = 64;

    private final String limits;

    ReadProblems(String limits) {
        this.limits = limits;
    }

    JsonReadException translate(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return new JsonReadException(path(e), "exceeds a limit" + limits, null);
        }
        if (e instanceof InputCoercionException outside) {
            return new JsonReadException(
                    path(e), "must be " + kind(outside.getTargetType()) + " in the range of its type", null);
        }
        if (!(e instanceof DatabindException)) {
            return new JsonReadException("", "malformed" + location(e), null);
        }
        String problem =
                switch (e) {
                    case InvalidFormatException format -> shown(format) + "is not " + kind(format.getTargetType());
                    case UnrecognizedPropertyException _ -> "is not known";
                    case MismatchedInputException trailing
                    when isTrailing(trailing) -> "must be one JSON value, without anything after it";
                    case MismatchedInputException missing
                    when isMissing(missing) -> "is missing; must be " + kind(missing.getTargetType());
                    case MismatchedInputException mismatched -> "must be " + kind(mismatched.getTargetType());
                    default -> "is not acceptable";
                };
        return new JsonReadException(path(e), problem, causeOutsideOfJackson(e));
    }

    /** Returns the place as the end of a sentence; empty for the whole document. */
    static String at(JacksonException e) {
        String path = path(e);
        return path.isEmpty() ? "" : " at " + path;
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(clipped(step.getPropertyName()));
            }
        }
        return path.toString();
    }

    private static String location(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** Returns the value that is refused, in quotes and followed by a space; empty if a name says that it is secret. */
    private static String shown(InvalidFormatException e) {
        boolean isSecret = e.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .anyMatch(name -> name != null && Masking.isSecretName(name));
        return isSecret || e.getValue() == null
                ? ""
                : "'" + clipped(Masking.mask(e.getValue().toString())) + "' ";
    }

    private static String clipped(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN - 1) + "…";
    }

    /** Returns what a constructor of the application has thrown. */
    private static @Nullable Throwable causeOutsideOfJackson(JacksonException e) {
        Throwable cause = e.getCause();
        while (cause instanceof JacksonException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof JacksonException ? null : cause;
    }

    /** Jackson has no type of its own for this. */
    private static boolean isTrailing(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("Trailing token");
    }

    /** Nor for this. */
    private static boolean isMissing(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("Missing required creator property");
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "of this kind";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger" -> "a whole number";
            case "double", "Double", "float", "Float", "BigDecimal" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "String", "CharSequence" -> "a text";
            case "Instant" -> "an instant such as 2026-01-31T12:00:00Z";
            case "LocalDate" -> "a date such as 2026-01-31";
            case "LocalTime" -> "a time such as 12:00:00";
            case "LocalDateTime" -> "a date and time such as 2026-01-31T12:00:00";
            case "OffsetDateTime", "ZonedDateTime" -> "a date and time such as 2026-01-31T12:00:00+01:00";
            case "Duration" -> "a duration such as PT30S";
            case "UUID" -> "a UUID";
            default -> type.isArray() || Iterable.class.isAssignableFrom(type) ? "an array" : "an object";
        };
    }
}
