package io.lynx.grpc.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.resilience.CallTimeoutException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a client receives for an exception. No message of an exception reaches it, but for those of gRPC's own exceptions. Immutable.
 *
 * @param status never OK
 */
record FailureStatus(Status status, Metadata trailers) {
    /** Wrappers are followed so far; causes may form a circle. */
    private static final int DEEPEST = 16;

    private static final FailureStatus INTERNAL = of(Status.INTERNAL.withDescription("internal error"));

    private static FailureStatus of(Status status) {
        return new FailureStatus(status, new Metadata());
    }

    /**
     * The answer to what a service threw.
     *
     * @param isOver whether the time of the call is over
     */
    static FailureStatus of(Throwable thrown, ErrorClassifier classifier, boolean isOver) {
        return UserCode.call(() -> mapped(thrown, classifier, isOver), INTERNAL, _ -> {});
    }

    private static FailureStatus mapped(Throwable thrown, ErrorClassifier classifier, boolean isOver) {
        return switch (unwrapped(thrown)) {
            case StatusRuntimeException own -> ownStatus(own.getStatus(), own.getTrailers());
            case StatusException own -> ownStatus(own.getStatus(), own.getTrailers());
            case RateLimitExceededException refusal ->
                refused(Status.RESOURCE_EXHAUSTED.withDescription("too many calls"), refusal);
            case CallRejectedException refusal ->
                refused(Status.UNAVAILABLE.withDescription("this part of the service is not available now"), refusal);
            case CallTimeoutException _ when isOver -> deadlineExceeded();
            case Throwable other -> classified(classifier.classify(other), isOver);
        };
    }

    private static FailureStatus ownStatus(Status status, @Nullable Metadata trailers) {
        if (status.isOk()) {
            return INTERNAL;
        }
        return new FailureStatus(status, trailers == null ? new Metadata() : trailers);
    }

    private static FailureStatus deadlineExceeded() {
        return of(Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call has passed"));
    }

    /** A bulkhead does not know when it has room again: one second then. */
    private static FailureStatus refused(Status status, CallRejectedException refusal) {
        return retryable(status, refusal.retryAfter().orElse(Duration.ofSeconds(1)));
    }

    private static FailureStatus retryable(Status status, Duration retryAfter) {
        return new FailureStatus(status, ErrorDetails.retryTrailers(status, retryAfter));
    }

    private static FailureStatus classified(Classification meaning, boolean isOver) {
        if (!meaning.isExternal()) {
            return INTERNAL;
        }
        if (isOver) {
            return deadlineExceeded();
        }
        Status status = Status.UNAVAILABLE.withDescription("a service that is needed for the answer is not available");
        return meaning.retryAfter().map(time -> retryable(status, time)).orElseGet(() -> of(status));
    }

    /** What futures, streams and reflection have wrapped; {@code thrown} itself if they have not. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        for (int depth = 0; depth < DEEPEST; depth++) {
            boolean isWrapper = inner instanceof ExecutionException
                    || inner instanceof CompletionException
                    || inner instanceof InvocationTargetException
                    || inner instanceof UncheckedIOException;
            Throwable cause = isWrapper ? UserCode.causeOf(inner) : null;
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    /** Whether a call that ends so counts as failed, and not as refused for what its client sent. */
    static boolean isFault(Status status) {
        return isFault(status.getCode());
    }

    /** As OpenTelemetry counts errors of servers. */
    static boolean isFault(Status.Code code) {
        return switch (code) {
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
            case OK,
                    CANCELLED,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNAUTHENTICATED -> false;
        };
    }

    /** The status of HTTP that means the same. */
    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case PERMISSION_DENIED -> 403;
            case UNAUTHENTICATED -> 401;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }
}
