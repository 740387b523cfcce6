package io.lynx.http.engine.binding;

import io.lynx.config.Masking;
import io.lynx.http.ValidationException.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of one parameter and checks its range.
 *
 * @param min the least value; null for no bound
 * @param max the greatest value; null for no bound
 */
public record ParameterText(
        ParameterSource source,
        String name,
        ParameterType type,
        @Nullable Object min,
        @Nullable Object max) {
    /** The problem of a parameter that the request does not have. */
    public static final String MISSING = "is missing";

    private static final int MAX_SHOWN = 64;

    /** Further problems are not listed: a client may send thousands of values, and each would have its text in the answer. */
    private static final int MOST_ERRORS = 100;

    /** Returns the value; null if it is not allowed, and then records the problem. */
    public @Nullable Object read(String text, List<FieldError> errors) {
        Object value = type.read(text);
        if (value == null) {
            report(errors, text, "is not " + type.kind(), type.allowed());
            return null;
        }
        if ((min != null && compare(value, min) < 0) || (max != null && compare(value, max) > 0)) {
            report(errors, text, "is out of range", range());
            return null;
        }
        return value;
    }

    @SuppressWarnings("unchecked") // Both are values of the type, which has an order.
    private static int compare(Object value, Object end) {
        return ((Comparable<Object>) value).compareTo(end);
    }

    private String range() {
        return (min == null ? "" : "from " + shown(min))
                + (min == null || max == null ? "" : " ")
                + (max == null ? "" : (min == null ? "up to " : "to ") + shown(max));
    }

    /** A duration is shown as it is written. */
    private static String shown(Object end) {
        return end instanceof java.time.Duration time ? ParameterType.text(time) : end.toString();
    }

    private void report(List<FieldError> errors, String text, String problem, String allowed) {
        if (errors.size() < MOST_ERRORS) {
            errors.add(error(text, problem, allowed));
        }
    }

    private FieldError error(String text, String problem, String allowed) {
        boolean isShown = source.isShown() && !Masking.isSecretName(name);
        String value = isShown ? "'" + clipped(Masking.mask(text)) + "' " : "";
        return new FieldError(name, value + problem + (allowed.isEmpty() ? "" : "; " + allowed), source.text());
    }

    private static String clipped(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN - 1) + "…";
    }
}
