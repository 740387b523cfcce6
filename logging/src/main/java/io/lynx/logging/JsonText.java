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

    private static void value(@Nullable Object value, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Boolean flag -> out.append(flag.booleanValue());
            case Double number -> real(number, out);
            case Float number -> real(number, out);
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case Short number -> out.append(number.intValue());
            case Byte number -> out.append(number.intValue());
            case BigInteger number -> out.append(number);
            case BigDecimal number -> out.append(number);
            case AtomicInteger number -> out.append(number.get());
            case AtomicLong number -> out.append(number.get());
            case Map<?, ?> map when depth < MAX_DEPTH -> object(map, depth, out);
            case List<?> list when depth < MAX_DEPTH -> array(list, depth, out);
            default -> string(SafeText.of(value), out);
        }
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
