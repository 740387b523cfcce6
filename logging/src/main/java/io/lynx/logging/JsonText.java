package io.lynx.logging;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Values as JSON text, valid whatever they hold: an unpaired surrogate becomes U+FFFD, NaN a string. */
final class JsonText {
    private static final int MAX_DEPTH = 8;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    static void value(@Nullable Object value, StringBuilder out) {
        value(value, 0, out);
    }

    /** A chain, not a pattern switch: the first of those costs a starting JVM milliseconds. */
    private static void value(@Nullable Object value, int depth, StringBuilder out) {
        if (value == null || value instanceof Boolean || isExact(value)) {
            out.append(value);
        } else if (value instanceof Double || value instanceof Float) {
            real((Number) value, out);
        } else if (value instanceof Map<?, ?> map && depth < MAX_DEPTH) {
            object(map, depth, out);
        } else if (value instanceof List<?> list && depth < MAX_DEPTH) {
            array(list, depth, out);
        } else {
            string(SafeText.of(value), out);
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

    private static void object(Map<?, ?> map, int depth, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            string(SafeText.of(entry.getKey()), out);
            out.append(':');
            value(entry.getValue(), depth + 1, out);
            separator = ",";
        }
        out.append('}');
    }

    private static void array(List<?> list, int depth, StringBuilder out) {
        out.append('[');
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            value(items.next(), depth + 1, out);
            out.append(items.hasNext() ? "," : "");
        }
        out.append(']');
    }

    static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isSurrogate(c)) {
                        i += surrogate(text, i, out);
                    } else if (c < ' ' || (c >= 0x7f && c <= 0x9f) || c == '\u2028' || c == '\u2029') {
                        unicodeEscape(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Adds the character at {@code i}, a surrogate; says how many further chars it took. */
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
