package io.lynx.grpc.engine;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.lynx.extension.UserCode;
import io.lynx.grpc.engine.CallEvents.Event;
import io.lynx.grpc.engine.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to the listener of a call what happens: one callback at a time and in order, each burst of them on a virtual thread of its
 * own, in the contexts of the call. Thread-safe.
 */
final class CallDelivery<Q, R> implements Runnable {
    private final GrpcCall call;
    private final CallEnding outcome;
    private final ServerMethodDefinition<Q, R> definition;
    private final Metadata headers;
    private final MessageCoding coding;
    private final OpenCall<Q, R> open;
    private final Context context;
    private final Context.CancellableContext cancellation;
    private final CallEvents events = new CallEvents();

    private final DeliveryThread thread = new DeliveryThread();
    private volatile boolean isCancelled;

    /** Set by the first event, and read by those that follow it. */
    private ServerCall.@Nullable Listener<Q> listener;

    CallDelivery(
            GrpcCall call,
            CallEnding outcome,
            ServerMethodDefinition<Q, R> definition,
            Metadata headers,
            MessageCoding coding,
            MessageWriter writer,
            Context.CancellableContext cancellation,
            Context context) {
        this.call = call;
        this.outcome = outcome;
        this.definition = definition;
        this.headers = headers;
        this.coding = coding;
        this.cancellation = cancellation;
        this.context = context;
        this.open = new OpenCall<>(call, outcome, this, definition.getMethodDescriptor(), coding, writer);
    }

    // What happens. Any thread.

    /** A message has arrived, or the end of the messages. */
    void arrived(@Nullable InboundMessage message) {
        if (events.add(message)) {
            wake();
        } else if (message != null) {
            call.taken(message);
        }
    }

    /** The client takes what is sent, again. */
    void becameReady() {
        events.ready();
        wake();
    }

    /** The service requests messages. */
    void request(int messages) {
        events.request(messages);
        wake();
    }

    /** Begins to deliver. */
    void start() {
        wake();
    }

    /** The service closes the call; returns false if the call was over before. */
    boolean complete() {
        return events.end(Event.COMPLETE);
    }

    /**
     * The call is over, whatever its service does.
     *
     * @return whether it was open
     */
    boolean cancel(Status cause) {
        if (!events.end(Event.CANCEL)) {
            return false;
        }
        isCancelled = true;
        boolean _ = cancellation.cancel(cause.asRuntimeException());
        wake();
        return true;
    }

    boolean isCancelled() {
        return isCancelled;
    }

    /** Delivers what there is, unless that is being done. */
    void wake() {
        if (events.begins()) {
            call.dispatch(this);
        }
    }

    // The callbacks.

    @Override
    public void run() {
        thread.begin();
        Context before = context.attach();
        try {
            call.bound(this::deliverAll);
        } finally {
            context.detach(before);
            thread.end();
        }
    }

    private void deliverAll() {
        Object event = events.next();
        while (event != null) {
            deliver(event);
            event = events.next();
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
            outcome.callbackFailed(failure, isLast);
        }
        if (isLast || !definition.getMethodDescriptor().getType().clientSendsOneMessage()) {
            coding.release();
        }
        if (isLast) {
            boolean _ = cancellation.cancel(null);
            dropInbox();
            call.workDone();
        }
    }

    private void signal(Event event) {
        if (event == Event.START) {
            listener = definition.getServerCallHandler().startCall(open, headers);
            return;
        }
        ServerCall.Listener<Q> started = listener;
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

    private void received(InboundMessage message) {
        MethodDescriptor<Q, R> method = definition.getMethodDescriptor();
        Q request;
        try {
            request = coding.decode(method, message);
        } catch (MessageCoding.UndecodableException undecodable) {
            outcome.malformed(undecodable.status());
            return;
        } finally {
            call.taken(message);
        }
        ServerCall.Listener<Q> started = listener;
        if (started != null) {
            started.onMessage(request);
        }
    }

    private void dropInbox() {
        Object left = events.dropped();
        while (left != null) {
            if (left instanceof InboundMessage message) {
                call.taken(message);
            }
            left = events.dropped();
        }
    }

    // For reports.

    /** Whether the caller is a callback of this call. */
    boolean isOnOwnThread() {
        return thread.isCurrent();
    }

    /** Whether a callback runs. */
    boolean isBusy() {
        return thread.isBusy();
    }

    /** What the callback is doing; empty if none runs. */
    StackTraceElement[] stack() {
        return thread.stack();
    }

    void interrupt() {
        thread.interrupt();
    }
}
