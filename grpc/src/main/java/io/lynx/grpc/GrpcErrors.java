package io.lynx.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lynx.grpc.engine.ErrorDetails;
import java.time.Duration;
import java.util.Map;

/**
 * Makes the exceptions by which a service refuses a call with details that clients can read: a {@code google.rpc.Status} in the
 * trailer {@code grpc-status-details-bin}. Throw them, or pass them to {@code StreamObserver.onError}. Stateless and thread-safe.
 */
public final class GrpcErrors {
    private GrpcErrors() {}

    /** Returns {@code UNAVAILABLE} with a {@code RetryInfo}: the client may try again after that time. */
    public static StatusRuntimeException unavailable(String message, Duration retryAfter) {
        return ErrorDetails.retryable(Status.UNAVAILABLE.withDescription(message), retryAfter);
    }

    /** Returns {@code RESOURCE_EXHAUSTED} with a {@code RetryInfo}: the client may try again after that time. */
    public static StatusRuntimeException exhausted(String message, Duration retryAfter) {
        return ErrorDetails.retryable(Status.RESOURCE_EXHAUSTED.withDescription(message), retryAfter);
    }

    /**
     * Returns {@code INVALID_ARGUMENT} with a {@code BadRequest}. Clients accept 8 KiB of metadata, so that it has about 2.5 KB of
     * violations, in their order; the last one says how many more there are.
     *
     * @param violations what is wrong, by the path of the field, such as {@code order.items[0].amount}
     */
    public static StatusRuntimeException invalid(String message, Map<String, String> violations) {
        return ErrorDetails.invalid(Status.INVALID_ARGUMENT.withDescription(message), violations);
    }
}
