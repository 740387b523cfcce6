package io.lynx.recovery.classify;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts and values from anywhere fit to be kept and shown: bounded, without control characters, secrets masked.
 * Stateless and thread-safe.
 */
public final class BoundedText {
    static final int LONGEST_NAME = 128;
    static final int LONGEST_MESSAGE_BYTES = 1024;
    static final int LONGEST_STACK_TRACE = 8192;

    private static final int MOST_ENTRIES = 32;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_ELEMENTS = 16;
    private static final int DEEPEST = 3;
    private static final String UNREADABLE = "unreadable: ";

    private BoundedText() {}

    /** Returns a name for counters and labels; {@code unknown} if there is none. */
    public static String name(@Nullable String raw) {
        if (raw == null || raw.isBlank()) {
            return "unknown";
        }
        return printable(raw.length() <= LONGEST_NAME ? raw : cut(raw, LONGEST_NAME));
    }

    /** Returns a message of at most 1 KiB of UTF-8. */
    public static String message(@Nullable String raw) {
        return raw == null ? "" : cutToBytes(line(raw, LONGEST_MESSAGE_BYTES), LONGEST_MESSAGE_BYTES);
    }

    /** Returns one line of at most {@code longest} characters. Reads further than it cuts, for secrets at the edge. */
    static String line(String raw, int longest) {
        return cut(Masking.mask(printable(cut(raw, 2 * longest))), longest);
    }

    /** Returns the stack trace of an exception; a notice in its place if the exception's own methods throw. */
    public static String stackTrace(Throwable throwable) {
        Bounded target = new Bounded();
        boolean _ = UserCode.run(() -> throwable.printStackTrace(new PrintWriter(target)), failure -> {
            if (!(failure instanceof Full)) {
                target.text.setLength(0);
                target.text.append(throwable.getClass().getName()).append(": its stack trace cannot be printed");
            }
        });
        return cut(Masking.mask(target.text.toString()), LONGEST_STACK_TRACE);
    }

    private static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isOdd(text.charAt(i))) {
                StringBuilder clean = new StringBuilder(text);
                for (int j = i; j < clean.length(); j++) {
                    if (isOdd(clean.charAt(j))) {
                        clean.setCharAt(j, ' ');
                    }
                }
                return clean.toString();
            }
        }
        return text;
    }

    /** Controls, line separators and what turns the direction of a line. */
    private static boolean isOdd(char c) {
        return c < ' '
                || (c >= '\u007f' && c <= '\u009f')
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end);
    }

    private static String cutToBytes(String text, int mostBytes) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > mostBytes) {
                return text.substring(0, i);
            }
            i += Character.charCount(point);
        }
        return text;
    }

    /**
     * Returns a copy of a caller's context that later changes do not reach: at most 32 entries, values that are numbers,
     * truths or texts of at most 256 characters. Nested collections appear by their first elements. What could not be copied
     * is noted in the copy.
     */
    public static Map<String, Object> context(@Nullable Map<String, ?> context) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (context == null) {
            return copy;
        }
        boolean _ = UserCode.run(
                () -> {
                    for (Map.Entry<?, ?> entry : context.entrySet()) {
                        if (copy.size() == MOST_ENTRIES) {
                            copy.put("…", "more entries were left out");
                            break;
                        }
                        String key = line(String.valueOf(entry.getKey()), LONGEST_KEY);
                        copy.put(key, value(key, entry.getValue()));
                    }
                },
                hostile -> copy.put("…", UNREADABLE + hostile.getClass().getName()));
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
            case null, default -> line(text(value), LONGEST_VALUE);
        };
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        boolean _ = UserCode.run(() -> append(text, value, DEEPEST), hostile -> {
            text.setLength(0);
            text.append(UNREADABLE).append(hostile.getClass().getName());
        });
        return text.toString();
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
            when depth > 0 && elements instanceof Collection<?> -> {
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
            case Map<?, ?> _, Collection<?> _ -> text.append('…');
            case null, default -> text.append(value);
        }
    }

    /** Ends the printing of an enormous stack trace. */
    private static final class Full extends RuntimeException {
        Full() {
            super(null, null, false, false);
        }
    }

    private static final class Bounded extends Writer {
        final StringBuilder text = new StringBuilder(1024);

        @Override
        public void write(char[] buffer, int offset, int length) {
            text.append(buffer, offset, Math.min(length, 2 * LONGEST_STACK_TRACE - text.length()));
            if (text.length() >= 2 * LONGEST_STACK_TRACE) {
                throw new Full();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
