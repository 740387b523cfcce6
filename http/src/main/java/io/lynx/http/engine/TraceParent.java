package io.lynx.http.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, from its header {@code traceparent}: version, trace, the caller's span and flags
 * (W3C Trace Context, 3.2). Immutable.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param isSampled whether the caller records the trace
 */
public record TraceParent(String traceId, String spanId, boolean isSampled) {
    static final String HEADER = "traceparent";

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /**
     * Reads the header.
     *
     * @param values of all headers of that name
     * @return null if there is not exactly one, or it is not valid: the request then belongs to no trace
     */
    public static @Nullable TraceParent of(List<String> values) {
        return values.size() == 1 ? of(values.getFirst()) : null;
    }

    /** Reads {@code header}; returns null if it is not valid. Versions above 00 may have more fields behind a dash. */
    public static @Nullable TraceParent of(String header) {
        if (header.length() < LENGTH
                || !isHex(header, 0, 2)
                || header.startsWith("ff")
                || header.charAt(TRACE - 1) != '-'
                || !isId(header, TRACE, SPAN - 1)
                || header.charAt(SPAN - 1) != '-'
                || !isId(header, SPAN, FLAGS - 1)
                || header.charAt(FLAGS - 1) != '-'
                || !isHex(header, FLAGS, LENGTH)) {
            return null;
        }
        if (header.length() > LENGTH && (header.startsWith("00") || header.charAt(LENGTH) != '-')) {
            return null;
        }
        boolean isSampled = (Character.digit(header.charAt(LENGTH - 1), 16) & 1) != 0;
        return new TraceParent(header.substring(TRACE, SPAN - 1), header.substring(SPAN, FLAGS - 1), isSampled);
    }

    private static boolean isId(String header, int from, int to) {
        if (!isHex(header, from, to)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (header.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean isHex(String header, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = header.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
