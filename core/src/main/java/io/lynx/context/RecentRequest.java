package io.lynx.context;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that failed or was slow, with the calls and handlers that were a part of it. Immutable.
 *
 * @param requestId its id
 * @param traceId the trace that it belongs to; null if it belongs to none
 * @param name its method and the template of its route
 * @param status the status of its answer
 * @param isSlow whether it was slow
 * @param startedAt when it began
 * @param duration until its answer was complete
 * @param error why it failed, such as the class of an exception; empty if it did not
 * @param spans its parts, in the order in which they began; at most 64 with those inside them
 * @param leftOut the further parts, which were not kept
 */
public record RecentRequest(
        String requestId,
        @Nullable String traceId,
        String name,
        int status,
        boolean isSlow,
        Instant startedAt,
        Duration duration,
        String error,
        List<RecentSpan> spans,
        int leftOut) {
    /** Copies the list. */
    public RecentRequest {
        spans = List.copyOf(spans);
    }

    /**
     * A part of a request.
     *
     * @param name what it did
     * @param kind what it stands for
     * @param offset from the beginning of the request to its own
     * @param duration null while it is in progress
     * @param error the type of its failure; empty if it succeeded
     * @param spans the parts inside it
     */
    public record RecentSpan(
            String name,
            SpanKind kind,
            Duration offset,
            @Nullable Duration duration,
            String error,
            List<RecentSpan> spans) {
        /** Copies the list. */
        public RecentSpan {
            spans = List.copyOf(spans);
        }
    }
}
