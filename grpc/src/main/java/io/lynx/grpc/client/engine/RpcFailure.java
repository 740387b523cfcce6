package io.lynx.grpc.client.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt that has failed before anything of an answer was received, on its way through the policies. It has no stack trace. */
final class RpcFailure extends RuntimeException implements RetryAfter {
    private final transient Status status;
    private final transient Metadata trailers;
    private final transient @Nullable String reason;
    private transient @Nullable Pushback pushback;
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

    /**
     * Returns whether another attempt of a call that may be made twice may help: the service was not available, or it was asked too much
     * and says when it can be called again.
     */
    static boolean isRetryable(Exception failure) {
        return failure instanceof RpcFailure failed && !failed.isFinal && failed.mayHelp();
    }

    private boolean mayHelp() {
        return switch (status.getCode()) {
            case UNAVAILABLE -> !pushback().isRefused();
            case RESOURCE_EXHAUSTED -> pushback().delay().isPresent();
            default -> false;
        };
    }

    @Override
    public Optional<Duration> retryAfter() {
        return pushback().delay();
    }

    /** Trailers are read when it matters, and not by each call that fails. */
    private Pushback pushback() {
        Pushback known = pushback;
        if (known == null) {
            known = Pushback.of(trailers);
            pushback = known;
        }
        return known;
    }
}
