package io.lynx.http.engine;

import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.ValidationException;
import io.lynx.recovery.HttpStatusFailure;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.RateLimitExceededException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Writes {@code application/problem+json} (RFC 9457), without the JSON library: it must work when little else does. */
final class Problem {
    static final String TYPE = "application/problem+json";

    /** Wrappers are followed so far; causes may form a circle. */
    private static final int DEEPEST = 16;

    private Problem() {}

    /** The answer to what a handler threw. */
    static HttpException answerTo(Throwable thrown) {
        if (thrown instanceof HttpException own) {
            return own;
        }
        return UserCode.call(() -> of(thrown), new HttpException(500, ""), _ -> {});
    }

    private static HttpException of(Throwable thrown) {
        return switch (unwrapped(thrown)) {
            case RateLimitExceededException refusal -> refused(429, "too many requests", refusal);
            case CallRejectedException refusal ->
                refused(503, "this part of the service is not available now", refusal);
            case CallTimeoutException _ -> tookTooLong();
            case HttpStatusFailure upstream -> upstreamAnswered(upstream.status());
            case SocketTimeoutException _ -> tookTooLong();
            case ConnectException _, NoRouteToHostException _, PortUnreachableException _, UnknownHostException _ ->
                new HttpException(502, "a service that is needed for the answer cannot be reached");
            case Throwable other when isClientTimeout(other.getClass()) -> tookTooLong();
            case Throwable _ -> new HttpException(500, "");
        };
    }

    /** The JDK's HTTP client is in a module that this one does not need. */
    private static boolean isClientTimeout(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getName().equals("java.net.http.HttpTimeoutException")) {
                return true;
            }
        }
        return false;
    }

    private static HttpException tookTooLong() {
        return new HttpException(504, "what is needed for the answer took too long");
    }

    private static HttpException upstreamAnswered(int status) {
        return switch (status) {
            case 408, 504 -> tookTooLong();
            case 502, 503 -> new HttpException(502, "a service that is needed for the answer is not available");
            default -> new HttpException(500, "");
        };
    }

    /** What futures and streams have wrapped; {@code thrown} itself if they have not. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Throwable cause = inner instanceof ExecutionException
                            || inner instanceof CompletionException
                            || inner instanceof UncheckedIOException
                    ? UserCode.causeOf(inner)
                    : null;
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /** A bulkhead does not know when it has room again: one second then. */
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
