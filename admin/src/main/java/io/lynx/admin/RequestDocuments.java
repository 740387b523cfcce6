package io.lynx.admin;

import io.lynx.context.RecentRequest;
import io.lynx.context.RecentRequest.RecentSpan;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Renders recent requests that were slow or failed, with their parts, as a JSON document. Stateless. */
final class RequestDocuments {
    private RequestDocuments() {}

    static byte[] recent(List<RecentRequest> requests, int limit) {
        JsonWriter json = new JsonWriter().object().array("requests");
        for (RecentRequest request : requests.subList(0, Math.min(limit, requests.size()))) {
            json.object()
                    .member("request_id", request.requestId())
                    .member("trace_id", request.traceId())
                    .member("request", request.name())
                    .member("status", request.status())
                    .member("slow", request.isSlow())
                    .member("started_at", request.startedAt())
                    .member("duration_ms", millis(request.duration()))
                    .member("error", request.error());
            spans(json, request.spans());
            json.member("spans_left_out", request.leftOut()).endObject();
        }
        return json.endArray().endObject().bytes();
    }

    private static void spans(JsonWriter json, List<RecentSpan> spans) {
        json.array("spans");
        for (RecentSpan span : spans) {
            json.object()
                    .member("name", span.name())
                    .member("kind", span.kind().name().toLowerCase(Locale.ROOT))
                    .member("offset_ms", millis(span.offset()))
                    .member("duration_ms", millis(span.duration()))
                    .member("error", span.error());
            spans(json, span.spans());
            json.endObject();
        }
        json.endArray();
    }

    /** Returns milliseconds with three digits; null for what is in progress. */
    private static @Nullable Double millis(@Nullable Duration duration) {
        return duration == null ? null : TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / 1e3;
    }
}
