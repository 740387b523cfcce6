package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.lynx.extension.UserCode;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A call as its service sees it. The callbacks of its listener run one at a time and in order, each burst of them on a virtual thread
 * of its own, in the context of the call. A call ends for its service when it has closed it, at once, or when the client or the server
 * ends it. Thread-safe.
 */
final class OpenCall<ReqT, RespT> extends ServerCall<ReqT, RespT> implements Runnable {
    private static final StackTraceElement[] NO_STACK = {};

    private enum Event {
        START,
        READY,
        HALF_CLOSE,
        COMPLETE,
        CANCEL
    }

    private final GrpcCall call;
    private final ServerMethodDefinition<ReqT, RespT> definition;
    private final MethodDescriptor<ReqT, RespT> method;
    private final Metadata headers;
    private final MessageCoding coding;
    private final MessageWriter writer;
    private final Context context;
    private final Context.CancellableContext cancellation;

    private volatile @Nullable Thread thread;
    private volatile boolean isCancelled;

    /** Set by the first event, and read by those that follow it. */
    private ServerCall.@Nullable Listener<ReqT> listener;

    @GuardedBy("this")
    private final ArrayDeque<Object> inbox = new ArrayDeque<>(4);

    @GuardedBy("this")
    private long demand;

    @GuardedBy("this")
    private boolean isStarted;

    @GuardedBy("this")
    private boolean isReadyDue = true;

    /** How the call ends for its service; null while it goes on. */
    @GuardedBy("this")
    private @Nullable Event ending;

    @GuardedBy("this")
    private boolean isEndDelivered;

    @GuardedBy("this")
    private boolean isRunning;

    /** Whether the service has closed the call. */
    @GuardedBy("this")
    private boolean isClosed;

    private boolean hasSentHeaders;
    private boolean hasSentMessage;

    OpenCall(
            GrpcCall call,
            ServerMethodDefinition<ReqT, RespT> definition,
            Metadata headers,
            MessageCoding coding,
            MessageWriter writer,
            Context.CancellableContext cancellation,
            Context context) {
        this.call = call;
        this.definition = definition;
        this.method = definition.getMethodDescriptor();
        this.headers = headers;
        this.coding = coding;
        this.writer = writer;
        this.cancellation = cancellation;
        this.context = context;
    }

    // What arrives. On the event loop.

    /** A message, or the end of the messages. */
    void arrived(@Nullable InboundMessage message) {
        synchronized (this) {
            if (ending != null) {
                if (message != null) {
                    call.taken(message);
                }
                return;
            }
            inbox.add(message == null ? Event.HALF_CLOSE : message);
        }
        wake();
    }

    /** The client takes what is sent, again. */
    void becameReady() {
        synchronized (this) {
            isReadyDue = true;
        }
        wake();
    }

    /** Begins to deliver. */
    void start() {
        wake();
    }

    /**
     * The call is over, whatever its service does. Any thread.
     *
     * @return whether it was open
     */
    boolean cancel(Status cause) {
        synchronized (this) {
            if (ending != null) {
                return false;
            }
            ending = Event.CANCEL;
            isCancelled = true;
        }
        boolean _ = cancellation.cancel(cause.asRuntimeException());
        wake();
        return true;
    }

    // The callbacks.

    private void wake() {
        synchronized (this) {
            if (isRunning || !hasNext()) {
                return;
            }
            isRunning = true;
        }
        call.dispatch(this);
    }

    @GuardedBy("this")
    private boolean hasNext() {
        if (isEndDelivered) {
            return false;
        }
        if (ending != null || !isStarted || isReadyDue) {
            return true;
        }
        Object first = inbox.peek();
        return first != null && (demand > 0 || first == Event.HALF_CLOSE);
    }

    private synchronized @Nullable Object next() {
        if (hasNext()) {
            if (ending != null) {
                isEndDelivered = true;
                return ending;
            }
            if (!isStarted) {
                isStarted = true;
                return Event.START;
            }
            if (isReadyDue) {
                isReadyDue = false;
                return Event.READY;
            }
            Object first = inbox.remove();
            demand -= first == Event.HALF_CLOSE ? 0 : 1;
            return first;
        }
        isRunning = false;
        return null;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        Context before = context.attach();
        try {
            call.bound(this::deliverAll);
        } finally {
            context.detach(before);
            if (Thread.currentThread().equals(thread)) {
                thread = null;
            }
        }
    }

    private void deliverAll() {
        Object event = next();
        while (event != null) {
            deliver(event);
            event = next();
        }
    }

    private void deliver(Object event) {
        boolean isLast = event == Event.COMPLETE || event == Event.CANCEL;
        try {
            if (event instanceof InboundMessage message) {
                received(message);
            } else if (event instanceof Event signal) {
                signal(signal);
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            call.callbackFailed(failure, isLast);
        }
        if (isLast) {
            boolean _ = cancellation.cancel(null);
            dropInbox();
            call.workDone();
        }
    }

    private void signal(Event event) {
        if (event == Event.START) {
            listener = definition.getServerCallHandler().startCall(this, headers);
            return;
        }
        ServerCall.Listener<ReqT> started = listener;
        if (started == null) {
            return;
        }
        switch (event) {
            case START -> {}
            case READY -> started.onReady();
            case HALF_CLOSE -> started.onHalfClose();
            case COMPLETE -> started.onComplete();
            case CANCEL -> started.onCancel();
        }
    }

    private void received(InboundMessage message) throws Exception {
        ReqT request;
        try {
            request = coding.decode(method, message);
        } catch (MessageCoding.UndecodableException undecodable) {
            call.malformed(undecodable.status());
            return;
        } finally {
            call.taken(message);
        }
        ServerCall.Listener<ReqT> started = listener;
        if (started != null) {
            started.onMessage(request);
        }
    }

    private void dropInbox() {
        Object left = poll();
        while (left != null) {
            if (left instanceof InboundMessage message) {
                call.taken(message);
            }
            left = poll();
        }
    }

    private synchronized @Nullable Object poll() {
        return inbox.poll();
    }

    // What the service does.

    @Override
    public void request(int numMessages) {
        synchronized (this) {
            demand = Math.max(demand, demand + numMessages);
        }
        wake();
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
    public void sendMessage(RespT message) {
        if (!hasSentHeaders) {
            throw new IllegalStateException("sendHeaders has not been called");
        }
        requireOpen();
        boolean isOnly = method.getType().serverSendsOneMessage();
        if (isOnly && hasSentMessage) {
            call.serviceFailed(Status.INTERNAL.withDescription("the service sent more than one message"));
            return;
        }
        hasSentMessage = true;
        if (isCancelled) {
            stopProducer(isOnly);
            return;
        }
        send(message, isOnly);
    }

    private void send(RespT message, boolean isOnly) {
        try {
            if (!writer.message(coding.encode(method, message), isOnly)) {
                call.overwhelmed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
        if (isCancelled) {
            stopProducer(isOnly);
        }
    }

    /** A service that sends in a loop on the call's own thread cannot receive the cancellation by a callback. */
    private void stopProducer(boolean isOnly) {
        if (!isOnly && Thread.currentThread().equals(thread)) {
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
            if (ending != null) {
                return;
            }
            ending = Event.COMPLETE;
        }
        boolean isMissing = status.isOk() && method.getType().serverSendsOneMessage() && !hasSentMessage;
        if (isMissing) {
            call.closed(Status.INTERNAL.withDescription("the service completed the call without a message"), new Metadata());
        } else {
            call.closed(status, trailers);
        }
        wake();
    }

    @Override
    public boolean isReady() {
        return !isCancelled && writer.isReady();
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
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
    public MethodDescriptor<ReqT, RespT> getMethodDescriptor() {
        return method;
    }

    // For reports.

    /** Whether a callback runs. */
    boolean isBusy() {
        return thread != null;
    }

    StackTraceElement[] stack() {
        Thread running = thread;
        return running == null ? NO_STACK : running.getStackTrace();
    }

    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
