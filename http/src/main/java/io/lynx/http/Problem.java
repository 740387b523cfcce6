package io.lynx.http;

import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.RateLimitExceededException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Writes {@code application/problem+json} (RFC 9457), without the JSON library: it must work when little else does. */
final class Problem {
    static final String TYPE = "application/problem+json";

    /** Nobody wraps so often; causes may go round in a circle. */
    private static final int DEEPEST = 16;

    private Problem() {}

    /** The answer to what a handler threw, other than an {@link HttpException}. */
    static HttpException of(Throwable thrown) {
        return switch (unwrapped(thrown)) {
            case RateLimitExceededException refusal -> refused(429, "too many requests", refusal);
            case CallRejectedException refusal ->
                refused(503, "this part of the service is not available now", refusal);
            case CallTimeoutException _ -> new HttpException(504, "what is needed for the answer took too long");
            default -> new HttpException(500, "");
        };
    }

    /** What a future has put into exceptions of its own; {@code thrown} itself if it is none of those. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Throwable cause = inner instanceof ExecutionException || inner instanceof CompletionException
                    ? inner.getCause()
                    : null;
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /** Nobody knows when a bulkhead has room: one second then. */
    private static HttpException refused(int status, String detail, CallRejectedException refusal) {
        long nanos = refusal.retryAfter().orElse(Duration.ofSeconds(1)).toNanos();
        long seconds = Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L));
        return new HttpException(status, detail, Map.of("Retry-After", Long.toString(seconds)), refusal);
    }

    static byte[] json(HttpException problem, String requestId) {
        StringBuilder json = new StringBuilder(160).append("{\"type\":\"about:blank\",\"title\":");
        quote(json, title(problem.status()));
        json.append(",\"status\":").append(problem.status());
        if (!problem.detail().isEmpty()) {
            quote(json.append(",\"detail\":"), problem.detail());
        }
        quote(json.append(",\"request_id\":"), requestId);
        if (problem instanceof ValidationException invalid) {
            List<ValidationException.FieldError> errors = invalid.errors();
            for (int i = 0; i < errors.size(); i++) {
                quote(
                        json.append(i == 0 ? ",\"errors\":[" : ",").append("{\"field\":"),
                        errors.get(i).field());
                quote(json.append(",\"message\":"), errors.get(i).message());
                json.append(i == errors.size() - 1 ? "}]" : "}");
            }
        }
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    static String title(int status) {
        return ReasonPhrases.of(status);
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || (Character.isSurrogate(c) && !isPaired(text, i))) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
