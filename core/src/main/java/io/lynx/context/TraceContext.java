package io.lynx.context;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The place of a request in a distributed trace (W3C Trace Context). Immutable.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId the caller's span, or the current one where spans are recorded: 16 lower-case hexadecimal digits, not all zero
 * @param isSampled whether the trace is recorded
 * @param state what tracing systems have added, as in the header {@code tracestate}; empty if nothing
 */
public record TraceContext(String traceId, String spanId, boolean isSampled, String state) {
    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /** The digits. Since ids are random, a processor would often mispredict the comparison of a digit with a letter. */
    private static final boolean[] IS_HEX = new boolean['f' + 1];

    static {
        Arrays.fill(IS_HEX, '0', '9' + 1, true);
        Arrays.fill(IS_HEX, 'a', 'f' + 1, true);
    }

    /**
     * A trace context with these components.
     *
     * @throws IllegalArgumentException if an id or the state is malformed
     */
    public TraceContext {
        require("trace id", traceId, traceId.length() == SPAN - 1 - TRACE && isId(traceId, 0, traceId.length()));
        require("span id", spanId, spanId.length() == FLAGS - 1 - SPAN && isId(spanId, 0, spanId.length()));
        require("trace state", state, TraceState.isValid(state));
    }

    private static void require(String what, String text, boolean isValid) {
        if (!isValid) {
            throw new IllegalArgumentException(what + ": '" + text + "'; as W3C Trace Context defines it");
        }
    }

    /** Reads a header {@code traceparent}; returns null if it is malformed. Later versions may have more fields at the end. */
    static @Nullable TraceContext parse(String header) {
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
        return new TraceContext(header.substring(TRACE, SPAN - 1), header.substring(SPAN, FLAGS - 1), isSampled, "");
    }

    private static boolean isId(String text, int from, int to) {
        if (!isHex(text, from, to)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= IS_HEX.length || !IS_HEX[c]) {
                return false;
            }
        }
        return true;
    }

    TraceContext withState(String other) {
        return new TraceContext(traceId, spanId, isSampled, other);
    }

    /** Returns the header {@code traceparent} for an outgoing call. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + (isSampled ? "-01" : "-00");
    }
}
