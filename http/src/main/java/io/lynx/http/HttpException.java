package io.lynx.http;

import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the form of an exception: thrown by a handler or interceptor it becomes an
 * {@code application/problem+json} (RFC 9457) of its status, with its message as the detail. The message reaches the client.
 * The classification of errors uses its status, or its cause if it has one.
 */
public class HttpException extends RuntimeException implements HttpStatusFailure, RetryAfter {
    private final int status;
    private final Map<String, String> headers;

    /**
     * An answer of that status.
     *
     * @throws IllegalArgumentException if the status is not 400 to 599
     */
    public HttpException(int status, String detail) {
        this(status, detail, Map.of(), null);
    }

    /** The answer of a path that no route has; a handler that throws it cannot be distinguished from no route. */
    public static HttpException notFound() {
        return new HttpException(404, "no resource at this path");
    }

    /**
     * An answer of that status, for that reason.
     *
     * @throws IllegalArgumentException if the status is not 400 to 599
     */
    public HttpException(int status, String detail, @Nullable Throwable cause) {
        this(status, detail, Map.of(), cause);
    }

    /**
     * An answer of that status with headers, such as {@code Retry-After}.
     *
     * @throws IllegalArgumentException if the status is not 400 to 599
     */
    public HttpException(int status, String detail, Map<String, String> headers) {
        this(status, detail, headers, null);
    }

    /**
     * An answer of that status with headers, for that reason.
     *
     * @throws IllegalArgumentException if the status is not 400 to 599
     */
    public HttpException(int status, String detail, Map<String, String> headers, @Nullable Throwable cause) {
        super(detail, cause);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("HTTP error status: " + status + "; 400 to 599");
        }
        this.status = status;
        this.headers = Map.copyOf(new LinkedHashMap<>(headers));
    }

    /** The status, 400 to 599. */
    @Override
    public final int status() {
        return status;
    }

    /** The detail in the answer to the client. */
    public final String detail() {
        String message = UserCode.messageOf(this);
        return message == null ? "" : message;
    }

    /** The time in its header {@code Retry-After}; empty if it has none or the header has a date. */
    @Override
    public Optional<Duration> retryAfter() {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("retry-after"))
                .map(Map.Entry::getValue)
                .filter(value -> value.matches("\\d{1,9}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .findFirst();
    }

    /** Headers of the answer, without those that describe its body. */
    public final Map<String, String> headers() {
        return headers;
    }
}
