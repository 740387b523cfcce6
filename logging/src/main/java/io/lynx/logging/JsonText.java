package io.lynx.logging;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON text that is valid for every value: an unpaired surrogate becomes U+FFFD, NaN becomes a string,
 * and a map or list that throws while it is read (because it changes or contains itself) becomes a note. Nesting and
 * the number of values are bounded. Secrets are masked. Stateless.
 */
final class JsonText {
    static final int MAX_DEPTH = 8;
    /**
     * The maximum number of values in one member. Without it, a small graph of lists that share items could become an
     * endless line.
     */
    static final int MAX_VALUES = 1000;

    static final String TOO_DEEP = "[nested too deeply]";
    static final String TOO_MANY = "[more]";
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    static void value(@Nullable Object value, StringBuilder out) {
        int _ = value(value, 0, MAX_VALUES, out);
    }

    /** Appends an object of {@code members}; the bound of {@link #value} applies to each of them. */
    static void members(Map<String, ?> members, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, ?> entry : members.entrySet()) {
            out.append(separator);
            string(entry.getKey(), out);
            out.append(':');
            int _ = named(entry.getKey(), entry.getValue(), 1, MAX_VALUES, out);
            separator = ",";
        }
        out.append('}');
    }

    /**
     * Appends a value. This is a chain of conditions, since the first pattern switch costs a starting JVM milliseconds.
     *
     * @param left the number of further values that the member may have
     * @return that number after this value
     */
    private static int value(@Nullable Object value, int depth, int left, StringBuilder out) {
        if (value == null || value instanceof Boolean || isExact(value)) {
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            real((Number) value, out);
        } else if (value instanceof Map<?, ?> || value instanceof List<?>) {
            return container(value, depth, left, out);
        } else {
            string(Masking.mask(SafeText.of(value)), out);
        }
        return left - 1;
    }

    @SuppressWarnings("CatchingUnchecked") // A map or list is user code, and must not prevent the line.
    private static int container(Object value, int depth, int left, StringBuilder out) {
        int start = out.length();
        if (depth >= MAX_DEPTH) {
            string(TOO_DEEP, out);
            return left - 1;
        }
        try {
            return value instanceof Map<?, ?> map
                    ? object(map, depth, left, out)
                    : array((List<?>) value, depth, left, out);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            out.setLength(start);
            string(SafeText.unreadable(value, failure), out);
            return left - 1;
        }
    }

    private static boolean isExact(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger
                || value instanceof BigDecimal
                || value instanceof AtomicInteger
                || value instanceof AtomicLong;
    }

    private static void real(Number number, StringBuilder out) {
        if (Double.isFinite(number.doubleValue())) {
            out.append(number);
        } else {
            string(number.toString(), out);
        }
    }

    private static int object(Map<?, ?> map, int depth, int left, StringBuilder out) {
        int remaining = left - 1;
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            if (remaining <= 0) {
                out.append("\"\":\"").append(TOO_MANY).append('"');
                break;
            }
            String key = SafeText.of(entry.getKey());
            string(key, out);
            out.append(':');
            remaining = named(key, entry.getValue(), depth + 1, remaining, out);
            separator = ",";
        }
        out.append('}');
        return remaining;
    }

    private static int named(String key, @Nullable Object value, int depth, int left, StringBuilder out) {
        if (value != null && Masking.isSecretName(key)) {
            string(Masking.MASK, out);
            return left - 1;
        }
        return value(value, depth, left, out);
    }

    private static int array(List<?> list, int depth, int left, StringBuilder out) {
        int remaining = left - 1;
        out.append('[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            if (remaining <= 0) {
                string(TOO_MANY, out);
                break;
            }
            remaining = value(item, depth + 1, remaining, out);
            separator = ",";
        }
        out.append(']');
        return remaining;
    }

    static void string(String text, StringBuilder out) {
        out.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPlain(c)) {
                // What needs no escape is copied at once.
                out.append(text, from, i);
                i += escaped(text, i, out);
                from = i + 1;
            }
        }
        out.append(text, from, text.length()).append('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' '
                && c != '"'
                && c != '\\'
                && (c < 0x7f || (c > 0x9f && !Character.isSurrogate(c) && c != '\u2028' && c != '\u2029'));
    }

    /** Appends the character at {@code i}, which is not plain; returns the number of further chars that were read. */
    private static int escaped(String text, int i, StringBuilder out) {
        char c = text.charAt(i);
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isSurrogate(c)) {
                    return surrogate(text, i, out);
                }
                unicodeEscape(c, out);
            }
        }
        return 0;
    }

    /** Appends the surrogate at {@code i}; returns the number of further chars that were read. */
    private static int surrogate(String text, int i, StringBuilder out) {
        boolean paired = Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
            out.append('\ufffd');
            return 0;
        }
        out.append(text, i, i + 2);
        return 1;
    }

    static void unicodeEscape(char c, StringBuilder out) {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[(c >> 8) & 15])
                .append(HEX[(c >> 4) & 15])
                .append(HEX[c & 15]);
    }
}
