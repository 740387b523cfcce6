package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call as its service and its interceptors see it. It is over for them at once when the service has closed it. Thread-safe, but
 * messages are sent by one thread at a time.
 */
final class OpenCall<Q, R> extends ServerCall<Q, R> {
    private final GrpcCall call;
    private final CallEnding outcome;
    private final CallDelivery<Q, R> delivery;
    private final MethodDescriptor<Q, R> method;
    private final MessageCoding coding;
    private final MessageWriter writer;

    /** Whether the service has closed the call. */
    @GuardedBy("this")
    private boolean isClosed;

    private boolean hasSentHeaders;
    private boolean hasSentMessage;

    OpenCall(
            GrpcCall call,
            CallEnding outcome,
            CallDelivery<Q, R> delivery,
            MethodDescriptor<Q, R> method,
            MessageCoding coding,
            MessageWriter writer) {
        this.call = call;
        this.outcome = outcome;
        this.delivery = delivery;
        this.method = method;
        this.coding = coding;
        this.writer = writer;
    }

    @Override
    public void request(int numMessages) {
        delivery.request(numMessages);
    }

    @Override
    public void sendHeaders(Metadata metadata) {
        if (hasSentHeaders) {
            throw new IllegalStateException("sendHeaders has already been called");
        }
        requireOpen();
        hasSentHeaders = true;
        writer.head(coding.head(metadata), !method.getType().serverSendsOneMessage());
    }

    @Override
    public void sendMessage(R message) {
        if (!hasSentHeaders) {
            throw new IllegalStateException("sendHeaders has not been called");
        }
        requireOpen();
        boolean isOnly = method.getType().serverSendsOneMessage();
        if (isOnly && hasSentMessage) {
            outcome.serviceFailed(Status.INTERNAL.withDescription("the service sent more than one message"));
            return;
        }
        hasSentMessage = true;
        if (!delivery.isCancelled()) {
            send(message, isOnly);
        }
        // A service that sends in a loop on the call's own thread cannot receive the cancellation by a callback.
        if (!isOnly && delivery.isCancelled() && delivery.isOnOwnThread()) {
            throw cancelled();
        }
    }

    private void send(R message, boolean isOnly) {
        try {
            if (!writer.message(coding.encode(method, message), isOnly)) {
                outcome.overwhelmed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    private static RuntimeException cancelled() {
        return Status.CANCELLED.withDescription("the call was cancelled").asRuntimeException();
    }

    private synchronized void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("call is closed");
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        synchronized (this) {
            if (isClosed) {
                throw new IllegalStateException("call already closed");
            }
            isClosed = true;
        }
        if (!delivery.complete()) {
            return;
        }
        if (status.isOk() && method.getType().serverSendsOneMessage() && !hasSentMessage) {
            outcome.closed(
                    Status.INTERNAL.withDescription("the service completed the call without a message"),
                    new Metadata());
        } else {
            outcome.closed(status, trailers);
        }
        delivery.wake();
    }

    @Override
    public boolean isReady() {
        return !delivery.isCancelled() && writer.isReady();
    }

    @Override
    public boolean isCancelled() {
        return delivery.isCancelled();
    }

    @Override
    public void setMessageCompression(boolean enabled) {
        coding.compressMessages(enabled);
    }

    @Override
    public void setCompression(String compressor) {
        if (hasSentHeaders) {
            throw new IllegalStateException("sendHeaders has been called");
        }
        coding.compressBy(compressor);
    }

    @Override
    public void setOnReadyThreshold(int numBytes) {
        if (numBytes <= 0) {
            throw new IllegalArgumentException("numBytes must be positive: " + numBytes);
        }
        writer.readyBelow(numBytes);
    }

    @Override
    public SecurityLevel getSecurityLevel() {
        return call.isSecure() ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
    }

    @Override
    public Attributes getAttributes() {
        return call.attributes();
    }

    @Override
    public @Nullable String getAuthority() {
        return call.authority();
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
        return method;
    }
}
