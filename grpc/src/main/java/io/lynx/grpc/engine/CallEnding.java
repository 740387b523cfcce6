package io.lynx.grpc.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.context.RequestScope;
import io.lynx.extension.UserCode;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.transport.Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call ends: what its service, its client or the server do to it becomes one status. Thread-safe. */
final class CallEnding {
    static final String SHUTTING_DOWN = "the server is shutting down";

    private final RpcServer server;
    private final Stream stream;
    private final RequestScope scope;
    private final MessageWriter writer;
    private final CallRecord record;
    private final CallTimeLimit time;
    private volatile @Nullable ServedMethod method;
    private volatile @Nullable CallDelivery<?, ?> delivery;

    CallEnding(
            RpcServer server,
            Stream stream,
            RequestScope scope,
            MessageWriter writer,
            CallRecord record,
            CallTimeLimit time) {
        this.server = server;
        this.stream = stream;
        this.scope = scope;
        this.writer = writer;
        this.record = record;
        this.time = time;
    }

    /** The method has been found, or is not known. From here on the end of the call is also that for the plugin of its service. */
    void found(@Nullable ServedMethod found) {
        method = found;
    }

    /** The service sees the call from now on. */
    void opened(CallDelivery<?, ?> opened) {
        delivery = opened;
    }

    /** The method; null if it is not known. */
    @Nullable
    ServedMethod method() {
        return method;
    }

    /** What the service receives; null while it does not see the call. */
    @Nullable
    CallDelivery<?, ?> delivery() {
        return delivery;
    }

    /** What the client sends cannot be read. */
    void malformed(Status status) {
        boolean isTooMuch = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
        server.rejected(isTooMuch ? RpcServer.MAX_MESSAGE_SIZE : RpcServer.MALFORMED);
        end(status, new Metadata());
    }

    /** The service has closed the call. */
    void closed(Status status, Metadata trailers) {
        Throwable cause = status.getCause();
        boolean isUnjudged = cause instanceof CallAuthentication.UnjudgedCredentialsException;
        if (status.getCode() == Status.Code.UNKNOWN && cause != null) {
            FailureStatus failure = statusOf(cause);
            finishFailed(cause, failure.status(), failure.trailers());
        } else if (FailureStatus.isFault(status) && !isUnjudged) {
            finishFailed(cause == null ? status.asRuntimeException() : cause, status, trailers);
        } else {
            finish(status, trailers, false);
        }
    }

    /** The client gets its answer first; then the failure, if it is one, is recorded and logged. */
    private void finishFailed(Throwable failure, Status status, Metadata trailers) {
        boolean isFault = FailureStatus.isFault(status);
        if (isFault) {
            record.failed(failure);
        }
        finish(status, trailers, false);
        if (isFault) {
            server.failures().failed(method, scope, failure, status);
        }
    }

    private FailureStatus statusOf(Throwable failure) {
        return server.statusOf(failure, time.isOver(server.now()));
    }

    /** The service has broken the protocol. */
    void serviceFailed(Status status) {
        endByFailure(status.asRuntimeException(), status, new Metadata());
    }

    /** A callback of the service, or an interceptor, has thrown. */
    void callbackFailed(Throwable failure, boolean isOver) {
        CallDelivery<?, ?> running = delivery;
        if (isOver) {
            server.failures().callbackFailed(method, scope, failure);
        } else if (running == null || !running.isCancelled()) {
            FailureStatus answer = statusOf(failure);
            if (FailureStatus.isFault(answer.status())) {
                endByFailure(failure, answer.status(), answer.trailers());
            } else {
                end(answer.status(), answer.trailers());
            }
        }
        // Otherwise the answer is of no use any more, and a service that notices that ends in one exception or another.
    }

    private void endByFailure(Throwable failure, Status status, Metadata trailers) {
        record.failed(failure);
        end(status, trailers);
        server.failures().failed(method, scope, failure, status);
    }

    /** So much waits for the client that the call must end. */
    void overwhelmed() {
        end(
                Status.RESOURCE_EXHAUSTED.withDescription("the client does not read what the service sends"),
                new Metadata());
        stream.abort();
    }

    /** The plugin of its service stops. */
    void restarting() {
        Status status = Status.UNAVAILABLE.withDescription(RpcServer.RESTARTING);
        end(status, ErrorDetails.retryTrailers(status, RpcServer.RESTART_TIME));
    }

    /** Ends the call for its service and its client. */
    void end(Status status, Metadata trailers) {
        CallDelivery<?, ?> running = delivery;
        if (running != null && running.cancel(status)) {
            finish(status, trailers, true);
            scope.cancel();
        }
    }

    /** Ends the call for its service; its client is gone, or is cut off. */
    void cutOff(Status status) {
        CallDelivery<?, ?> running = delivery;
        if (running != null && running.cancel(status)) {
            scope.cancel();
        }
    }

    /** Answers the client. */
    void finish(Status status, Metadata trailers, boolean isCut) {
        List<String> fields;
        try {
            fields = MetadataText.trailers(status, trailers);
        } catch (Throwable unwritable) {
            // The service's own code writes its metadata. The client would wait for its answer forever.
            UserCode.rethrowIfFatal(unwritable);
            Status failure = Status.INTERNAL.withDescription("internal error");
            record.failed(unwritable);
            answer(failure, MetadataText.trailers(failure, new Metadata()), isCut);
            server.failures().failed(method, scope, unwritable, failure);
            return;
        }
        answer(status, fields, isCut);
    }

    private void answer(Status status, List<String> fields, boolean isCut) {
        record.decided(status);
        record.addAdvertised(fields);
        writer.close(fields, isCut);
    }
}
