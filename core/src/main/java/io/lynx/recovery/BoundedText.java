package io.lynx.recovery;

import io.lynx.config.Masking;
import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** Makes texts from anywhere fit to be kept and shown: bounded, without control characters, without secrets. Stateless. */
final class BoundedText {
    static final int LONGEST_NAME = 128;
    static final int LONGEST_MESSAGE_BYTES = 1024;
    static final int LONGEST_STACK_TRACE = 8192;

    private BoundedText() {}

    /** A name for counters and labels; {@code unknown} if there is none. */
    static String name(@Nullable String raw) {
        if (raw == null || raw.isBlank()) {
            return "unknown";
        }
        return printable(raw.length() <= LONGEST_NAME ? raw : cut(raw, LONGEST_NAME));
    }

    /** A message of at most 1 KiB of UTF-8. */
    static String message(@Nullable String raw) {
        return raw == null ? "" : cutToBytes(line(raw, LONGEST_MESSAGE_BYTES), LONGEST_MESSAGE_BYTES);
    }

    /** One line of at most so many characters. Looks a little further than it cuts, for secrets at the edge. */
    static String line(String raw, int longest) {
        return cut(Masking.mask(printable(cut(raw, 2 * longest))), longest);
    }

    /** A stack trace; a notice in its place if the exception's own methods fail. */
    static String stackTrace(Throwable throwable) {
        Bounded target = new Bounded();
        try {
            throwable.printStackTrace(new PrintWriter(target));
        } catch (Full enough) {
            // what there is will do
        } catch (RuntimeException | StackOverflowError hostile) {
            return throwable.getClass().getName() + ": its stack trace cannot be printed";
        }
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
