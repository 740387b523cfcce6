package io.lynx.opentelemetry;

import io.opentelemetry.sdk.common.export.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Reads a collector's answer to a push. An answer with 200 may report rejected points or spans: field 1 of {@code
 * ExportMetricsServiceResponse} and {@code ExportTraceServiceResponse} is a message with their number in field 1 and the
 * reason in field 2. Stateless.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#partial-success-1">OTLP specification, partial success</a>
 */
final class OtlpAnswer {
    /** The answer that the exporter receives for every push. */
    static final HttpResponse ACCEPTED = new HttpResponse() {
        @Override
        public int getStatusCode() {
            return 200;
        }

        @Override
        public String getStatusMessage() {
            return "OK";
        }

        @Override
        public byte[] getResponseBody() {
            return new byte[0];
        }
    };

    /** The longest {@code Retry-After} that counts, so that a wrong one cannot end the pushes. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private static final int MAX_DIGITS = 9;
    private static final int LONGEST_REASON = 200;
    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private OtlpAnswer() {}

    /** Returns the result of the push that received this answer. */
    static Delivery judge(java.net.http.HttpResponse<byte[]> answer, String items) {
        int status = answer.statusCode();
        if (status < 200 || status > 299) {
            boolean isThrottled = isThrottling(status);
            Duration pause = isThrottled ? retryAfter(answer) : Duration.ZERO;
            return new Delivery(Delivery.Outcome.REFUSED, "status " + status, pause, isThrottled, 0);
        }
        try {
            return partialSuccess(ByteBuffer.wrap(answer.body()), items);
        } catch (RuntimeException notAMessage) {
            return Delivery.DONE;
        }
    }

    private static boolean isThrottling(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** Reads {@code Retry-After} (RFC 9110, 10.2.3). A date is relative to the {@code Date} of the answer. */
    private static Duration retryAfter(java.net.http.HttpResponse<byte[]> answer) {
        String value = answer.headers().firstValue("Retry-After").orElse("").strip();
        Optional<String> sentAt = answer.headers().firstValue("Date");
        try {
            if (value.length() <= MAX_DIGITS && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return value.isEmpty() ? Duration.ZERO : atMost(Duration.ofSeconds(Long.parseLong(value)));
            }
            return sentAt.isEmpty() ? Duration.ZERO : atMost(Duration.between(date(sentAt.get()), date(value)));
        } catch (DateTimeException notADate) {
            return Duration.ZERO;
        }
    }

    private static Instant date(String text) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    }

    private static Duration atMost(Duration pause) {
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Delivery partialSuccess(ByteBuffer response, String items) {
        while (response.hasRemaining()) {
            long tag = varint(response);
            if (tag != (1 << 3 | LENGTH)) {
                skip(response, (int) tag & 7);
                continue;
            }
            return rejected(part(response), items);
        }
        return Delivery.DONE;
    }

    private static Delivery rejected(ByteBuffer partial, String items) {
        long count = 0;
        String reason = "";
        while (partial.hasRemaining()) {
            long tag = varint(partial);
            if (tag == (1 << 3 | VARINT)) {
                count = varint(partial);
            } else if (tag == (2 << 3 | LENGTH)) {
                reason = StandardCharsets.UTF_8.decode(part(partial)).toString();
            } else {
                skip(partial, (int) tag & 7);
            }
        }
        if (count == 0) {
            return Delivery.DONE;
        }
        String line = reason.replaceAll("\\p{Cntrl}+", " ");
        String shown = line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
        return Delivery.partial(count + " " + items + " rejected" + (shown.isEmpty() ? "" : ": " + shown), count);
    }

    private static ByteBuffer part(ByteBuffer from) {
        int length = Math.toIntExact(varint(from));
        ByteBuffer part = from.slice(from.position(), length);
        from.position(from.position() + length);
        return part;
    }

    private static void skip(ByteBuffer from, int wireType) {
        switch (wireType) {
            case VARINT -> {
                long _ = varint(from);
            }
            case 1 -> from.position(from.position() + 8);
            case LENGTH -> {
                ByteBuffer _ = part(from);
            }
            case 5 -> from.position(from.position() + 4);
            default -> throw new IllegalArgumentException("wire type " + wireType);
        }
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint of more than ten bytes");
    }
}
