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
import io.lynx.transport.OutgoingHead;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call as the policies count it: it has passed the circuit breaker, the rate limit and the bulkhead. A call that the
 * server certainly did not process is sent again within the attempt, on another connection: it has refused the call, or closed the
 * connection before it read it. Thread-safe.
 */
final class RpcAttempt {
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

    private final Resends resends = new Resends();

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
        } catch (Throwable failure) {
            unsent(failure);
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
            send(AttemptConnection.await(rpc, client.service(), resends.isFresh()));
        } catch (InterruptedException cancelled) {
            // The call is over, and its listener knows.
            policies.release();
        } catch (CallRejectedException rejected) {
            policies.release();
            boolean _ = outcome.completeExceptionally(rejected);
        } catch (HttpCallException failure) {
            unconnected(failure);
        } catch (Throwable failure) {
            unsent(failure);
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

    /** The call itself, such as its metadata, is why it cannot be sent. */
    private void unsent(Throwable failure) {
        policies.release();
        UserCode.rethrowIfFatal(failure);
        Status status = described(Status.INTERNAL.withDescription("the call could not be sent"));
        boolean _ = outcome.completeExceptionally(
                new RpcFailure(status.withCause(failure), new Metadata(), "caller").last());
    }

    private static void giveBack(ServerConnection unused, Span span, Status status) {
        unused.release();
        unused.ended(Verdict.UNKNOWN);
        RpcTrace.ended(span, status);
    }

    private void send(ServerConnection connection) {
        RequestContext scope = rpc.scope();
        Span span = client.trace().attempt(rpc.method(), scope, connection.address(), number + resends.count());
        List<String> fields;
        try {
            fields = rpc.fields(span.in(scope));
        } catch (Throwable unwritable) {
            giveBack(connection, span, Status.INTERNAL);
            throw unwritable;
        }
        RpcStream next = new RpcStream(this, connection, span);
        boolean becameReady = false;
        synchronized (this) {
            if (isOver) {
                giveBack(connection, span, Status.CANCELLED);
                return;
            }
            stream = next;
            byte[] body = rpc.messages().takeWhole();
            OutgoingHead head = new OutgoingHead(
                    "POST",
                    client.service().scheme(),
                    rpc.authority(),
                    "/" + rpc.method().getFullMethodName(),
                    fields,
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

    /** Returns whether a call without an answer may be sent again at once. */
    boolean mayResend(OutgoingException failure, boolean wasUsed) {
        if (rpc.isOver() || !rpc.messages().canRepeat()) {
            return false;
        }
        return resends.mayFollow(failure, wasUsed, rpc.isRepeatable());
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
        resends.again();
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
