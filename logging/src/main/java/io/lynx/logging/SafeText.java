package io.lynx.logging;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Returns text for values whose own methods may throw. Stateless. */
final class SafeText {
    private SafeText() {}

    /** Returns {@code value} as text, or a note with the exception that its {@code toString} threw. */
    @SuppressWarnings("CatchingUnchecked") // A value is user code, and must not prevent the line.
    static String of(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        try {
            String text = value.toString();
            return text == null ? "null" : text;
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            return unreadable(value, failure);
        }
    }

    /**
     * Returns {@code value} as text with its secrets masked. Maps and lists have the form of their own {@code
     * toString}, with the bounds of {@link JsonText} for depth and length.
     */
    static String masked(@Nullable Object value) {
        if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
            return Masking.mask(of(value));
        }
        StringBuilder out = new StringBuilder();
        int _ = append(value, 0, JsonText.MAX_VALUES, out);
        return out.toString();
    }

    @SuppressWarnings("CatchingUnchecked") // A map or list is user code, and must not prevent the line.
    private static int append(@Nullable Object value, int depth, int left, StringBuilder out) {
        int start = out.length();
        try {
            if (value instanceof Map<?, ?> map && depth < JsonText.MAX_DEPTH) {
                return map(map, depth, left, out);
            }
            if (value instanceof List<?> list && depth < JsonText.MAX_DEPTH) {
                return list(list, depth, left, out);
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            out.setLength(start);
            out.append(unreadable(value, failure));
            return left - 1;
        }
        boolean isTooDeep = value instanceof Map<?, ?> || value instanceof List<?>;
        out.append(isTooDeep ? JsonText.TOO_DEEP : Masking.mask(of(value)));
        return left - 1;
    }

    private static int map(Map<?, ?> map, int depth, int left, StringBuilder out) {
        int remaining = left - 1;
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            separator = ", ";
            if (remaining <= 0) {
                out.append(JsonText.TOO_MANY);
                break;
            }
            String key = of(entry.getKey());
            out.append(key).append('=');
            if (entry.getValue() != null && Masking.isSecretName(key)) {
                out.append(Masking.MASK);
                remaining--;
            } else {
                remaining = append(entry.getValue(), depth + 1, remaining, out);
            }
        }
        out.append(separator.equals("{") ? "{}" : "}");
        return remaining;
    }

    private static int list(List<?> list, int depth, int left, StringBuilder out) {
        int remaining = left - 1;
        String separator = "[";
        for (Object item : list) {
            out.append(separator);
            separator = ", ";
            if (remaining <= 0) {
                out.append(JsonText.TOO_MANY);
                break;
            }
            remaining = append(item, depth + 1, remaining, out);
        }
        out.append(separator.equals("[") ? "[]" : "]");
        return remaining;
    }

    /** Returns the note that replaces a value that cannot be read. */
    static String unreadable(Object value, Throwable failure) {
        return "[" + value.getClass().getName() + " cannot be shown: "
                + failure.getClass().getName() + "]";
    }
}
