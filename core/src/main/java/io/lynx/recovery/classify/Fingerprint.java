package io.lynx.recovery.classify;

import io.lynx.extension.UserCode;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit hash that is equal for errors that differ only in details: FNV-1a (RFC 9923) over what identifies the error. Two
 * different errors have the same hash only by accident. Hashing a message allocates nothing, as it happens for every error.
 * Stateless and thread-safe.
 */
public final class Fingerprint {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int TOP_FRAMES = 5;
    private static final int LONGEST_MESSAGE = BoundedText.LONGEST_MESSAGE_BYTES;
    private static final List<String> NOT_IN_APP =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "io.lynx.", "kotlin.", "scala.", "org.apache.");

    private Fingerprint() {}

    /** Returns the hash of an error without an exception: of its type and its message without numbers, ids and quoted words. */
    public static long of(String errorType, @Nullable String message) {
        long hash = text(OFFSET, errorType);
        return message == null ? finish(hash) : finish(normalised(hash, message));
    }

    /** Returns the hash of an exception: of the error type, its class and those of its causes, and the application's top methods. */
    public static long of(String errorType, Throwable throwable) {
        long hash = text(OFFSET, errorType);
        List<Throwable> chain = ClassificationTable.causes(throwable);
        for (Throwable link : chain) {
            hash = text(hash, link.getClass().getName());
        }
        return finish(frames(hash, chain.getLast()));
    }

    /** Returns a hash in its visible form: {@code v1:} and sixteen hexadecimal digits. */
    public static String show(long hash) {
        return "v1:" + HexFormat.of().toHexDigits(hash);
    }

    /** Adds the method that threw, and the top methods of the application. */
    private static long frames(long start, Throwable throwable) {
        StackTraceElement[] frames = UserCode.stackTraceOf(throwable);
        long hash = start;
        int taken = 0;
        for (int i = 0; i < frames.length && taken < TOP_FRAMES; i++) {
            boolean inApp = isInApp(frames[i].getClassName());
            if (i == 0 || inApp) {
                hash = text(text(hash, frames[i].getClassName()), frames[i].getMethodName());
            }
            taken += inApp ? 1 : 0;
        }
        return hash;
    }

    private static boolean isInApp(String className) {
        for (String prefix : NOT_IN_APP) {
            if (className.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /** Adds a message: a word with a digit in it counts as {@code #}, a quoted text as {@code "}. */
    private static long normalised(long start, String message) {
        int end = Math.min(message.length(), LONGEST_MESSAGE);
        long hash = start;
        int i = 0;
        while (i < end) {
            char c = message.charAt(i);
            if (isWord(c)) {
                int from = i;
                boolean digits = false;
                while (i < end && isWord(message.charAt(i))) {
                    digits |= isDigit(message.charAt(i));
                    i++;
                }
                hash = digits ? mix(hash, '#') : text(hash, message, from, i);
            } else {
                int close = isQuote(c) ? closing(message, i, end) : -1;
                hash = mix(hash, close < 0 ? c : '"');
                i = Math.max(i, close) + 1;
            }
        }
        return hash;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x7f;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    /** Returns the end of the quotation that begins at {@code open}; -1 for an apostrophe and for one that never ends. */
    private static int closing(String message, int open, int end) {
        if (open > 0 && isWord(message.charAt(open - 1))) {
            return -1;
        }
        return message.indexOf(message.charAt(open), open + 1, end);
    }

    private static long text(long hash, String text) {
        return mix(text(hash, text, 0, text.length()), '\n');
    }

    private static long text(long start, String text, int from, int to) {
        long hash = start;
        for (int i = from; i < to; i++) {
            hash = mix(hash, text.charAt(i));
        }
        return hash;
    }

    private static long mix(long hash, char c) {
        return (hash ^ c) * PRIME;
    }

    /** Spreads the last characters over all bits (the finaliser of MurmurHash3). */
    private static long finish(long hash) {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
