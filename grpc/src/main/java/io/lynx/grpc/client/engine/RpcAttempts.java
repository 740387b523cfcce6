package io.lynx.grpc.client.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.Retry;
import io.lynx.time.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The attempts of one call, one after the other: several if the call may be made twice, otherwise one. Thread-safe. */
final class RpcAttempts {
    private final OutgoingRpc<?, ?> rpc;
    private final RpcClient client;
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private volatile @Nullable RpcAttempt current;
    private int count;

    RpcAttempts(OutgoingRpc<?, ?> rpc, RpcClient client) {
        this.rpc = rpc;
        this.client = client;
    }

    /**
     * Begins the first one, once.
     *
     * @param end when the call must be over: no retry begins after it; null if nothing limits the call
     */
    void begin(@Nullable Deadline end) {
        if (!hasBegun.compareAndSet(false, true)) {
            return;
        }
        Retry retry = rpc.isRepeatable() ? client.retry() : null;
        CompletionStage<?> outcome = retry == null
                ? next()
                : retry.callAsync(this::next, client.service().scheduler(), end);
        var _ = outcome.whenComplete((_, failure) -> {
            if (failure != null) {
                failed(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
    }

    private CompletionStage<@Nullable Void> next() {
        if (rpc.isOver()) {
            // The call has ended during the pause before a retry.
            return CompletableFuture.failedFuture(new RpcFailure(Status.CANCELLED, new Metadata(), null));
        }
        RpcAttempt next = new RpcAttempt(rpc, client, count++);
        current = next;
        CompletionStage<@Nullable Void> outcome = next.begin();
        if (rpc.isOver()) {
            next.cancel(Status.CANCELLED, false);
        }
        return outcome;
    }

    /** No attempt has an answer. */
    private void failed(@Nullable Throwable failure) {
        switch (failure) {
            case RpcFailure failed -> rpc.finish(failed.status(), failed.trailers(), true, failed.reason());
            case CallRejectedException rejected -> {
                Status status = AnswerStatus.of(rejected);
                String description = rpc.subject() + ": " + status.getDescription();
                rpc.finish(status.withDescription(description), new Metadata(), true, "rejected");
            }
            case null, default ->
                rpc.finish(
                        Status.INTERNAL
                                .withDescription(rpc.subject() + ": the call could not be made")
                                .withCause(failure),
                        new Metadata(),
                        true,
                        "caller");
        }
    }

    /** The call is over before its answer. */
    void cancel(Status status, boolean isTooSlow) {
        RpcAttempt last = current;
        if (last != null) {
            last.cancel(status, isTooSlow);
        }
    }

    /** The application has taken a message; so many bytes still wait. */
    void taken(long stillWaiting) {
        RpcAttempt last = current;
        if (last != null) {
            last.taken(stillWaiting);
        }
    }
}
