package io.lynx.grpc.client.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.extension.UserCode;
import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.service.ServerConnection;
import io.lynx.http.client.service.ServerConnection.Verdict;
import io.lynx.resilience.CallRejectedException;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call as the policies count it: it has passed the circuit breaker, the rate limit and the bulkhead. A call that the
 * server certainly did not process is sent again within the attempt, on another connection: it has refused the call, or closed the
 * connection before it read it. Thread-safe.
 */
final class RpcAttempt {
    private static final int MOST_RESENT = 3;

    private final OutgoingRpc<?, ?> rpc;
    private final RpcClient client;
    private final int number;
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();

    private final AttemptPolicies policies;

    @GuardedBy("this")
    private @Nullable Thread connecting;

    @GuardedBy("this")
    private @Nullable RpcStream stream;

    @GuardedBy("this")
    private boolean isOver;

    // Of one thread at a time.

    private int resent;
    private boolean wasStale;
    private boolean isFresh;

    /**
     * An attempt that is not begun.
     *
     * @param number how many came before
     */
    RpcAttempt(OutgoingRpc<?, ?> rpc, RpcClient client, int number) {
        this.rpc = rpc;
        this.client = client;
        this.number = number;
        this.policies = new AttemptPolicies(client);
    }

    OutgoingRpc<?, ?> rpc() {
        return rpc;
    }

    /**
     * Begins; never blocks.
     *
     * @return completes when an answer has begun, and fails if there is none
     */
    CompletableFuture<@Nullable Void> begin() {
        try {
            policies.passBreaker();
            ServerConnection free = client.mayWait() ? null : rpc.route().find();
            if (free == null) {
                connectLater(true);
            } else {
                send(free);
            }
        } catch (CallRejectedException rejected) {
            boolean _ = outcome.completeExceptionally(rejected);
        } catch (HttpCallException failure) {
            unconnected(failure);
        }
        return outcome;
    }

    private void connectLater(boolean isFirst) {
        Thread thread = client.service().threads().newThread(() -> rpc.scope().run(() -> connect(isFirst)));
        synchronized (this) {
            if (isOver) {
                return;
            }
            connecting = thread;
        }
        thread.start();
    }

    private void connect(boolean isFirst) {
        try {
            if (isFirst) {
                policies.passLimits();
            }
            send(AttemptConnection.await(rpc, client.service(), isFresh));
        } catch (InterruptedException cancelled) {
            // The call is over, and its listener knows.
            policies.release();
        } catch (CallRejectedException rejected) {
            policies.release();
            boolean _ = outcome.completeExceptionally(rejected);
        } catch (HttpCallException failure) {
            unconnected(failure);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            ended(
                    false,
                    new RpcFailure(
                            described(Status.INTERNAL.withDescription("the call could not be sent"))
                                    .withCause(failure),
                            new Metadata(),
                            "caller"));
        } finally {
            synchronized (this) {
                connecting = null;
            }
        }
    }

    private void unconnected(HttpCallException failure) {
        String reason = failure.reason().name().toLowerCase(Locale.ROOT);
        boolean isLocal = failure.reason() == Reason.BUSY || failure.reason() == Reason.CLOSED;
        RpcFailure failed = new RpcFailure(AnswerStatus.of(failure), new Metadata(), reason);
        if (isLocal) {
            policies.release();
            boolean _ = outcome.completeExceptionally(failed.last());
        } else {
            ended(false, failed);
        }
    }

    private void send(ServerConnection connection) {
        RequestContext scope = rpc.scope();
        Span span = client.trace().attempt(rpc.method(), scope, connection.address(), number + resent);
        RpcStream next = new RpcStream(this, connection, span);
        boolean becameReady = false;
        synchronized (this) {
            if (isOver) {
                connection.release();
                connection.ended(Verdict.UNKNOWN);
                RpcTrace.ended(span, Status.CANCELLED);
                return;
            }
            stream = next;
            byte[] body = rpc.messages().takeWhole();
            OutgoingHead head = new OutgoingHead(
                    "POST",
                    client.service().scheme(),
                    rpc.authority(),
                    "/" + rpc.method().getFullMethodName(),
                    rpc.fields(span.in(scope)),
                    body == null ? null : new OutgoingHead.Body(body),
                    body == null ? -1 : body.length);
            connection.sent(client.service().ticker().nanos(), mayLast());
            OutgoingCall started = next.start(head);
            if (body == null && !next.isOver()) {
                becameReady = rpc.messages().attach(started);
            }
        }
        if (becameReady) {
            rpc.callbacks().ready();
        }
    }

    private boolean mayLast() {
        return rpc.method().getType() != MethodType.UNARY;
    }

    /** Returns a status with the name of the client and the method in its description. */
    Status described(Status status) {
        String description = status.getDescription();
        return status.withDescription(rpc.subject() + ": " + (description == null ? "" : description));
    }

    // What streams report.

    /** Something of an answer has arrived. */
    void answered(Metadata headers) {
        rpc.messages().commit();
        if (mayLast()) {
            policies.answered();
        }
        boolean _ = outcome.complete(null);
        rpc.callbacks().headers(headers);
    }

    /**
     * Returns whether a call without an answer may be sent again at once: the server did not process it; or the connection, which had
     * been used before, was closed while the call was sent, and the call may be made twice.
     */
    boolean mayResend(OutgoingException failure, boolean wasUsed) {
        if (rpc.isOver() || !rpc.messages().canRepeat()) {
            return false;
        }
        boolean isUnprocessed = failure.kind() == Kind.UNPROCESSED && resent < MOST_RESENT;
        boolean isStale = failure.kind() == Kind.LOST
                && failure.resetCode() == OutgoingException.NO_RESET
                && wasUsed
                && !wasStale
                && rpc.isRepeatable();
        wasStale |= isStale;
        // A server that ends has closed all of its connections, and some of them may not be known yet.
        isFresh = isStale || resent > 0;
        return isUnprocessed || isStale;
    }

    /** Sends the call again; returns false if that is not possible any more. */
    boolean resend() {
        synchronized (this) {
            if (isOver) {
                return true;
            }
        }
        if (!rpc.messages().detach()) {
            return false;
        }
        resent++;
        connectLater(false);
        return true;
    }

    /** The attempt has ended; its failure may be OK. */
    void ended(boolean isAnswered, RpcFailure end) {
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
        }
        policies.ended(end);
        if (isAnswered || end.status().isOk()) {
            boolean _ = outcome.complete(null);
            rpc.finish(end.status(), end.trailers(), false, end.reason());
        } else {
            boolean canRepeat = rpc.messages().detach();
            boolean _ = outcome.completeExceptionally(canRepeat ? end : end.last());
        }
    }

    /**
     * The call is over before its answer.
     *
     * @param isTooSlow whether that says that the server is too slow
     */
    void cancel(Status status, boolean isTooSlow) {
        Thread waiting;
        RpcStream open;
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
            waiting = connecting;
            open = stream;
        }
        if (isTooSlow && open != null) {
            policies.tooSlow(status);
        } else {
            policies.release();
        }
        if (open != null) {
            open.cancel(status, isTooSlow ? Verdict.FAILED : Verdict.UNKNOWN);
        }
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /** The application has taken a message. */
    void taken(long stillWaiting) {
        RpcStream open;
        synchronized (this) {
            open = stream;
        }
        if (open != null) {
            open.taken(stillWaiting);
        }
    }
}
