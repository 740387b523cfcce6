package io.lynx.context;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the headers of a context. What does not follow the specifications is ignored and reported, never an error. Stateless. */
final class ContextHeaders {
    static final String REQUEST_ID = "x-request-id";
    static final String TRACEPARENT = "traceparent";
    static final String TRACESTATE = "tracestate";
    static final String BAGGAGE = "baggage";
    static final String REQUEST_TIMEOUT = "x-request-timeout";

    private static final int LONGEST_ID = 128;

    private ContextHeaders() {}

    /** Returns the caller's id of the request if it is usable, otherwise a new one. */
    static String requestId(ContextSource source) {
        List<String> values = source.headers(REQUEST_ID);
        if (values.size() == 1 && isRequestId(values.getFirst())) {
            return values.getFirst();
        }
        if (!values.isEmpty()) {
            source.ignored(REQUEST_ID);
        }
        return source.newRequestId();
    }

    private static boolean isRequestId(String text) {
        if (text.isEmpty() || text.length() > LONGEST_ID) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && "-_.:/+=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns the trace that the request belongs to; null if it belongs to none. */
    static @Nullable TraceContext trace(ContextSource source) {
        List<String> parents = source.headers(TRACEPARENT);
        if (parents.isEmpty()) {
            return null;
        }
        TraceContext parent = parents.size() == 1 ? TraceContext.parse(parents.getFirst()) : null;
        if (parent == null) {
            source.ignored(TRACEPARENT);
            return null;
        }
        List<String> states = source.headers(TRACESTATE);
        if (states.isEmpty()) {
            return parent;
        }
        String state = TraceState.combined(states);
        if (state == null) {
            source.ignored(TRACESTATE);
            return parent;
        }
        return parent.withState(state);
    }

    static Baggage baggage(ContextSource source) {
        List<String> values = source.headers(BAGGAGE);
        return values.isEmpty() ? Baggage.NONE : Baggage.parse(values, () -> source.ignored(BAGGAGE));
    }
}
