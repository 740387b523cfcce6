package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RecentRequest;
import io.lynx.context.RecentRequest.RecentSpan;
import io.lynx.context.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestDocumentsTest {
    private static final RecentSpan ATTEMPT = new RecentSpan(
            "GET /items/{item}",
            SpanKind.CLIENT,
            Duration.ofNanos(1_300_400),
            Duration.ofNanos(8_600_000),
            "503",
            List.of());
    private static final RecentSpan CALL = new RecentSpan(
            "call inventory",
            SpanKind.INTERNAL,
            Duration.ofNanos(1_250_000),
            Duration.ofNanos(8_750_000),
            "503",
            List.of(ATTEMPT));
    private static final RecentRequest FAILED = new RecentRequest(
            "2k9q1xw4t0-1f",
            "0af7651916cd43dd8448eb211c80319c",
            "POST /orders",
            500,
            false,
            Instant.parse("2026-01-01T00:01:30Z"),
            Duration.ofNanos(12_500_000),
            "java.lang.IllegalStateException",
            List.of(CALL),
            0);

    private static String text(List<RecentRequest> requests, int limit) {
        return new String(RequestDocuments.recent(requests, limit), StandardCharsets.UTF_8);
    }

    @Test
    void showsARequestWithItsParts() {
        Golden.assertEquals("requests.json", RequestDocuments.recent(List.of(FAILED), 128));
    }

    @Test
    void showsNoMoreThanTheLimit() {
        assertThat(text(Collections.nCopies(5, FAILED), 2).split("\"request_id\"", -1))
                .hasSize(3);
        assertThat(text(List.of(), 2)).contains("\"requests\": []");
    }

    @Test
    void showsPartsInProgressAndHostileNames() {
        RecentSpan running =
                new RecentSpan("SELECT \"x\"\n\u0000</script>", SpanKind.INTERNAL, Duration.ZERO, null, "", List.of());
        RecentRequest slow = new RecentRequest(
                "r-1", null, "GET /", 200, true, Instant.EPOCH, Duration.ofSeconds(2), "", List.of(running), 7);

        assertThat(text(List.of(slow), 128))
                .contains("\"trace_id\": null", "\"duration_ms\": null", "\"spans_left_out\": 7")
                .contains("SELECT \\\"x\\\"\\n\\u0000")
                .doesNotContain("\u0000");
    }
}
