package io.lynx.http.engine.problem;

import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.Retry.RetryAfter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Maps what a handler has thrown to the answer that its client receives. */
public final class ErrorMapping {
    /** Wrappers are followed so far; causes may form a circle. */
    private static final int DEEPEST = 16;

    private static final Map<String, String> RETRY_IN_A_SECOND = Map.of("Retry-After", "1");
    private static final String UNAVAILABLE = "a service that is needed for the answer is not available";

    private ErrorMapping() {}

    /** The answer to what a handler threw. */
    public static HttpException answerTo(Throwable thrown) {
        if (thrown instanceof HttpException own) {
            return own;
        }
        return UserCode.call(() -> of(thrown), new HttpException(500, ""), _ -> {});
    }

    /** The status of that answer; 500 if its headers cannot be sent. */
    public static int statusOf(Throwable thrown) {
        HttpException answer = answerTo(thrown);
        return HeaderText.areUsable(answer.headers()) ? answer.status() : 500;
    }

    private static HttpException of(Throwable thrown) {
        return switch (unwrapped(thrown)) {
            // Before the answer of another service, since it has a status too.
            case HttpException own -> own;
            case RateLimitExceededException refusal -> refused(429, "too many requests", refusal);
            case CallRejectedException refusal ->
                refused(503, "this part of the service is not available now", refusal);
            case CallTimeoutException _ -> tookTooLong();
            case HttpStatusFailure upstream -> upstreamAnswered(upstream);
            case SocketTimeoutException _ -> tookTooLong();
            case ConnectException _, NoRouteToHostException _, PortUnreachableException _, UnknownHostException _ ->
                new HttpException(502, "a service that is needed for the answer cannot be reached");
            case Throwable other when isClientTimeout(other.getClass()) -> tookTooLong();
            case Throwable other -> ofSystem(other);
        };
    }

    /** The answer to a failure of an external system, such as a database: one that may pass by itself is not a fault of the service. */
    private static HttpException ofSystem(Throwable thrown) {
        CallRejectedException refusal = refusalIn(thrown);
        if (refusal != null) {
            return of(refusal);
        }
        if (!(thrown instanceof ClassifiedFailure) && !isOf(thrown.getClass(), "java.sql.SQLException")) {
            return new HttpException(500, "");
        }
        Classification known = ErrorClassifier.standard().classify(thrown);
        if (known.category() == ErrorCategory.TIMEOUT) {
            return tookTooLong();
        }
        return known.isExternal()
                ? new HttpException(
                        503, "a system that is needed for the answer is not available", RETRY_IN_A_SECOND, thrown)
                : new HttpException(500, "");
    }

    /** Returns the refusal of a policy that a client has wrapped in an exception of its own type; null if there is none. */
    public static @Nullable CallRejectedException refusalIn(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; depth < DEEPEST && cause != null; depth++) {
            if (cause instanceof CallRejectedException refusal) {
                return refusal;
            }
            cause = UserCode.causeOf(cause);
        }
        return null;
    }

    /** The JDK's HTTP client is in a module that this one does not need. */
    private static boolean isClientTimeout(Class<?> type) {
        return isOf(type, "java.net.http.HttpTimeoutException");
    }

    private static boolean isOf(Class<?> type, String name) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static HttpException tookTooLong() {
        return new HttpException(504, "what is needed for the answer took too long");
    }

    private static HttpException upstreamAnswered(HttpStatusFailure upstream) {
        return switch (upstream.status()) {
            case 408, 504 -> tookTooLong();
            case 429 -> new HttpException(503, UNAVAILABLE, retryAfter(upstream));
            case 502, 503 -> new HttpException(502, UNAVAILABLE);
            default -> new HttpException(500, "");
        };
    }

    /** The time that a service has asked for; a second if it has not. */
    private static Map<String, String> retryAfter(HttpStatusFailure upstream) {
        return upstream instanceof RetryAfter patient
                ? UserCode.call(() -> retryAfter(patient.retryAfter()), RETRY_IN_A_SECOND, _ -> {})
                : RETRY_IN_A_SECOND;
    }

    /** What futures and streams have wrapped; {@code thrown} itself if they have not. */
    public static Throwable unwrapped(Throwable thrown) {
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

    private static HttpException refused(int status, String detail, CallRejectedException refusal) {
        return new HttpException(status, detail, retryAfter(refusal.retryAfter()), refusal);
    }

    /** Rounds up to whole seconds, at least one. The time may be unknown: a bulkhead cannot tell when it has room again. */
    private static Map<String, String> retryAfter(Optional<Duration> wait) {
        long seconds = wait.orElse(Duration.ZERO).plusNanos(999_999_999).toSeconds();
        return Map.of("Retry-After", Long.toString(Math.max(1, seconds)));
    }
}
