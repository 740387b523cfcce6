package io.lynx.metrics;

import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Labels;
import org.jspecify.annotations.Nullable;

/** Makes the labels of an exemplar from the ids of a trace. Stateless. */
final class Traces {
    private static final int LONGEST = 64;

    private Traces() {}

    /** Returns the labels; null if there is no trace that can be exposed. */
    static @Nullable Labels labels(@Nullable String traceId, @Nullable String spanId) {
        if (traceId == null || !isPlain(traceId)) {
            return null;
        }
        return spanId == null || !isPlain(spanId)
                ? Labels.of(Exemplar.TRACE_ID, traceId)
                : Labels.of(Exemplar.SPAN_ID, spanId, Exemplar.TRACE_ID, traceId);
    }

    private static boolean isPlain(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!isDigit && !isLetter && c != '-') {
                return false;
            }
        }
        return true;
    }
}
