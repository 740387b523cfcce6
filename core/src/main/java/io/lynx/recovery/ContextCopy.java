package io.lynx.recovery;

import io.lynx.config.Masking;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A caller's context as it is kept: at most 32 entries, values that are numbers, truths or texts of at most 256
 * characters, secrets masked. Nested collections are shown by their first elements. Stateless.
 */
final class ContextCopy {
    private static final int MOST_ENTRIES = 32;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_ELEMENTS = 16;
    private static final int DEEPEST = 3;

    private ContextCopy() {}

    /** A copy that later changes of {@code context} do not reach; it tells in itself what could not be copied. */
    static Map<String, Object> of(@Nullable Map<String, ?> context) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (context == null) {
            return copy;
        }
        try {
            for (Map.Entry<?, ?> entry : context.entrySet()) {
                if (copy.size() == MOST_ENTRIES) {
                    copy.put("…", "more entries were left out");
                    break;
                }
                String key = BoundedText.line(String.valueOf(entry.getKey()), LONGEST_KEY);
                copy.put(key, value(key, entry.getValue()));
            }
        } catch (RuntimeException | StackOverflowError hostile) {
            copy.put("…", "unreadable: " + hostile.getClass().getName());
        }
        return copy;
    }

    private static Object value(String key, @Nullable Object value) {
        if (Masking.isSecretName(key)) {
            return Masking.MASK;
        }
        return switch (value) {
            case Boolean truth -> truth;
            case Integer number -> number;
            case Long number -> number;
            case Double number when !number.isNaN() && !number.isInfinite() -> number;
            case null, default -> BoundedText.line(text(value), LONGEST_VALUE);
        };
    }

    private static String text(@Nullable Object value) {
        try {
            if (value instanceof String text) {
                return text;
            }
            StringBuilder text = new StringBuilder();
            append(text, value, DEEPEST);
            return text.toString();
        } catch (RuntimeException | StackOverflowError hostile) {
            return "unreadable: " + hostile.getClass().getName();
        }
    }

    private static void append(StringBuilder text, @Nullable Object value, int depth) {
        switch (value) {
            case Map<?, ?> map
            when depth > 0 -> {
                int left = MOST_ELEMENTS;
                text.append('{');
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (left-- == 0 || text.length() > LONGEST_VALUE) {
                        text.append('…');
                        break;
                    }
                    String key = String.valueOf(entry.getKey());
                    text.append(key).append('=');
                    append(text, Masking.isSecretName(key) ? Masking.MASK : entry.getValue(), depth - 1);
                    text.append(' ');
                }
                text.append('}');
            }
            case Iterable<?> elements
            when depth > 0 && elements instanceof java.util.Collection<?> -> {
                int left = MOST_ELEMENTS;
                text.append('[');
                for (Object element : elements) {
                    if (left-- == 0 || text.length() > LONGEST_VALUE) {
                        text.append('…');
                        break;
                    }
                    append(text, element, depth - 1);
                    text.append(' ');
                }
                text.append(']');
            }
            case Map<?, ?> _, java.util.Collection<?> _ -> text.append('…');
            case null, default -> text.append(value);
        }
    }
}
