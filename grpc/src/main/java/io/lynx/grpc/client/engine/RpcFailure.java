package io.lynx.grpc.client.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt that has failed before anything of an answer was received, on its way through the policies. It has no stack trace. */
final class RpcFailure extends RuntimeException implements RetryAfter {
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final transient Status status;
    private final transient Metadata trailers;
    private final transient @Nullable String reason;
    private boolean isFinal;

    /**
     * A failure.
     *
     * @param reason why there is no answer; null if the server has answered with this status
     */
    RpcFailure(Status status, Metadata trailers, @Nullable String reason) {
        super(status.getDescription(), status.getCause(), false, false);
        this.status = status;
        this.trailers = trailers;
        this.reason = reason;
    }

    /** The call cannot be made again. */
    RpcFailure last() {
        isFinal = true;
        return this;
    }

    Status status() {
        return status;
    }

    Metadata trailers() {
        return trailers;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Returns whether another attempt of a call that may be made twice may help. */
    static boolean isRetryable(Exception failure) {
        return failure instanceof RpcFailure failed
                && failed.status.getCode() == Status.Code.UNAVAILABLE
                && !failed.isFinal
                && !failed.isRefused();
    }

    /** Returns whether the server asks not to make the call again. */
    private boolean isRefused() {
        String asked = trailers.get(PUSHBACK);
        return asked != null && pushback(asked) < 0;
    }

    @Override
    public Optional<Duration> retryAfter() {
        String asked = trailers.get(PUSHBACK);
        long millis = asked == null ? 0 : pushback(asked);
        return millis <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    /** A value that is not a number means that the call must not be made again (gRPC, A6). */
    private static long pushback(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
