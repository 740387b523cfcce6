package io.lynx.grpc.client.engine;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.grpc.engine.wire.MessageBytes;
import io.lynx.http.client.service.ServiceRoute;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call of a stub, from its start until its end is reported to its listener. The methods of {@link ClientCall} are called by one
 * thread at a time, except {@code cancel}; what ends the call comes from any thread.
 */
final class OutgoingRpc<Q, R> extends ClientCall<Q, R> implements RpcCallbacks.Owner {
    private static final int READY_BELOW = 32 * 1024;

    private final RpcClient client;
    private final MethodDescriptor<Q, R> method;
    private final CallOptions options;
    private final String subject;
    private final RpcCoding<Q, R> coding;
    private final RequestMessages messages;
    private final RpcAttempts attempts;
    private final long begun;
    private final AtomicBoolean isOver = new AtomicBoolean();

    // Set by the start.
    private volatile @Nullable Started<R> started;
    private volatile boolean isPrepared;
    private volatile boolean isHalfClosed;

    /** What a call knows since its start. */
    private record Started<R>(
            RpcCallbacks<R> callbacks,
            Metadata headers,
            RequestContext scope,
            Span span,
            CallerTime time,
            ServiceRoute route,
            EarlyEnds ends) {}

    OutgoingRpc(RpcClient client, MethodDescriptor<Q, R> method, CallOptions options) {
        this.client = client;
        this.method = method;
        this.options = options;
        this.subject = client.rules().name() + ": " + method.getFullMethodName();
        this.coding = RpcCoding.of(method, options, client.rules());
        Integer threshold = options.getOnReadyThreshold();
        this.messages = new RequestMessages(
                threshold == null ? READY_BELOW : threshold, () -> callbacks().ready());
        this.attempts = new RpcAttempts(this, client);
        this.begun = client.service().ticker().nanos();
    }

    // Of the stub.

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        if (started != null || isOver.get()) {
            throw new IllegalStateException(subject + ": the call was started or cancelled before");
        }
        RequestContext outer = RequestContext.current();
        Context context = Context.current();
        Span span = client.trace().call(outer);
        RequestContext scope = span.in(outer);
        boolean isUnary = method.getType() == MethodType.UNARY;
        CallerTime time = CallerTime.of(
                options,
                outer,
                context,
                isUnary ? client.rules().timeout() : null,
                client.service().ticker());
        started = new Started<>(
                new RpcCallbacks<>(listener, coding, client.executor(options), context, scope, this),
                headers,
                scope,
                span,
                time,
                client.service().route(method.getFullMethodName(), time.end()),
                new EarlyEnds(this, time, outer, context));
        if (!client.begin(this)) {
            finish(
                    Status.UNAVAILABLE.withDescription(subject + ": the client is closed"),
                    new Metadata(),
                    true,
                    "closed");
            return;
        }
        known().ends().watch(client.service().scheduler());
        if (!isOver.get()) {
            client.authorize(method, options, authority(), this::authorized, refused -> end(refused, false, "caller"));
        }
    }

    private void authorized(@Nullable Metadata credentials) {
        if (credentials != null) {
            known().headers().merge(credentials);
        }
        isPrepared = true;
        known().scope().run(this::beginIfComplete);
    }

    /** A call with one message is sent when that is complete, so that it is one task of the event loop. */
    private void beginIfComplete() {
        boolean isComplete = isHalfClosed || !method.getType().clientSendsOneMessage();
        if (isPrepared && isComplete && !isOver.get()) {
            attempts.begin(known().time().end());
        }
    }

    @Override
    public void request(int count) {
        callbacks().request(count);
    }

    @Override
    public void sendMessage(Q message) {
        if (isOver.get()) {
            return;
        }
        byte[] bytes;
        try {
            bytes = coding.encode(message);
        } catch (RuntimeException unwritable) {
            end(
                    Status.CANCELLED
                            .withDescription(subject + ": the message cannot be written")
                            .withCause(unwritable),
                    false,
                    "caller");
            return;
        }
        Integer most = options.getMaxOutboundMessageSize();
        if (most == null || bytes.length - MessageBytes.PREFIX <= most) {
            messages.add(bytes);
        } else {
            String text = subject + ": the message is larger than " + most + " bytes";
            end(Status.RESOURCE_EXHAUSTED.withDescription(text), false, "caller");
        }
    }

    @Override
    public void halfClose() {
        isHalfClosed = true;
        messages.end();
        beginIfComplete();
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        String text = message == null ? "the caller cancelled the call" : message;
        end(Status.CANCELLED.withDescription(text).withCause(cause), false, "cancelled");
    }

    @Override
    public boolean isReady() {
        return messages.isReady();
    }

    @Override
    public void setMessageCompression(boolean isEnabled) {
        coding.compressMessages(isEnabled);
    }

    // What ends the call.

    /** The client closes. */
    void abandon() {
        end(
                Status.UNAVAILABLE.withDescription(subject + ": the client was closed before the call had ended"),
                false,
                "closed");
    }

    /** Returns whether the call may last for long. */
    boolean isLasting() {
        return method.getType() != MethodType.UNARY;
    }

    /**
     * The call ends before its answer.
     *
     * @param isTooSlow whether that says that the server is too slow
     */
    void end(Status status, boolean isTooSlow, String reason) {
        finish(status, new Metadata(), true, reason);
        attempts.cancel(status, isTooSlow);
    }

    /**
     * The call has ended; only the first end counts.
     *
     * @param reason why there is no answer; null if there is one
     */
    void finish(Status status, Metadata trailers, boolean dropsMessages, @Nullable String reason) {
        Started<R> known = started;
        if (!isOver.compareAndSet(false, true) || known == null) {
            return;
        }
        known.ends().withdraw();
        messages.close();
        RpcTrace.ended(known.span(), status);
        client.ended(this, status, reason, client.service().ticker().nanos() - begun);
        known.callbacks().close(status, trailers, dropsMessages);
        client.reported(this);
    }

    @Override
    public void taken(long stillWaiting) {
        attempts.taken(stillWaiting);
    }

    @Override
    public void unreadable(Status status) {
        Status described = status.withDescription(subject + ": " + status.getDescription());
        callbacks().replaceEnd(described);
        end(described, false, "malformed");
    }

    @Override
    public void callbackFailed(Throwable failure) {
        client.callbackFailed(method, failure);
        Status status = Status.CANCELLED
                .withDescription(subject + ": a callback of the call failed")
                .withCause(failure);
        callbacks().replaceEnd(status);
        end(status, false, "caller");
    }

    private Started<R> known() {
        Started<R> known = started;
        if (known == null) {
            throw new IllegalStateException(subject + ": the call was not started");
        }
        return known;
    }

    MethodDescriptor<Q, R> method() {
        return method;
    }

    String subject() {
        return subject;
    }

    RpcCoding<?, ?> coding() {
        return coding;
    }

    RequestMessages messages() {
        return messages;
    }

    RpcCallbacks<R> callbacks() {
        return known().callbacks();
    }

    RequestContext scope() {
        return known().scope();
    }

    ServiceRoute route() {
        return known().route();
    }

    String authority() {
        String other = options.getAuthority();
        return other == null ? client.service().authority() : other;
    }

    List<String> fields(RequestContext context) {
        Started<R> known = known();
        RpcRules rules = client.rules();
        return RequestFields.of(
                known.headers(), rules, coding.encoding(), known.time().end(), rules.propagates() ? context : null);
    }

    boolean waitsForReady() {
        return options.isWaitForReady();
    }

    /** Returns whether the call may be made twice. */
    boolean isRepeatable() {
        return method.isIdempotent() || method.isSafe() || options.getOption(RpcClient.IDEMPOTENT);
    }

    boolean isOver() {
        return isOver.get();
    }
}
