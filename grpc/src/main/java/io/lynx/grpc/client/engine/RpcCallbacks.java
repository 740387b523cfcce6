package io.lynx.grpc.client.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.grpc.engine.wire.InboundMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listener of a call: one callback at a time and in order, on the executor of the call, in the contexts of its caller.
 * Messages wait until they are requested. Thread-safe.
 */
final class RpcCallbacks<R> implements Runnable {
    /** What a message takes beside its bytes. */
    private static final int OVERHEAD = 64;

    private final ClientCall.Listener<R> listener;
    private final RpcCoding<?, R> coding;
    private final Executor executor;
    private final Context context;
    private final RequestContext request;
    private final Owner owner;

    @GuardedBy("this")
    private final Deque<InboundMessage> inbox = new ArrayDeque<>(1);

    @GuardedBy("this")
    private long waiting;

    @GuardedBy("this")
    private long requested;

    @GuardedBy("this")
    private @Nullable Metadata headers;

    @GuardedBy("this")
    private boolean isReady;

    @GuardedBy("this")
    private @Nullable End end;

    /** Whether the executor has these callbacks. */
    @GuardedBy("this")
    private boolean isRunning;

    /** Whether a thread of the executor delivers. */
    @GuardedBy("this")
    private boolean isDelivering;

    @GuardedBy("this")
    private boolean isClosed;

    /** What the call ends with. */
    private record End(Status status, Metadata trailers) {}

    /** The call whose callbacks these are. */
    interface Owner {
        /** The application takes a message; so many bytes still wait. */
        void taken(long stillWaiting);

        /** A message cannot be read: the call ends with this status. */
        void unreadable(Status status);

        /** A callback has thrown: the call ends. */
        void callbackFailed(Throwable failure);
    }

    RpcCallbacks(
            ClientCall.Listener<R> listener,
            RpcCoding<?, R> coding,
            Executor executor,
            Context context,
            RequestContext request,
            Owner owner) {
        this.listener = listener;
        this.coding = coding;
        this.executor = executor;
        this.context = context;
        this.request = request;
        this.owner = owner;
    }

    void headers(Metadata received) {
        synchronized (this) {
            headers = received;
        }
        wake();
    }

    /** A message has arrived; returns how many bytes wait now. */
    long message(InboundMessage message) {
        long now;
        synchronized (this) {
            if (end != null) {
                return 0;
            }
            inbox.add(message);
            waiting += weight(message);
            now = waiting;
        }
        wake();
        return now;
    }

    /** Returns how many bytes wait for the application. */
    synchronized long waiting() {
        return waiting;
    }

    private static long weight(InboundMessage message) {
        return (long) message.length() + OVERHEAD;
    }

    void request(int messages) {
        synchronized (this) {
            requested = Math.min(Integer.MAX_VALUE, requested + messages);
        }
        wake();
    }

    void ready() {
        synchronized (this) {
            isReady = true;
        }
        wake();
    }

    /**
     * The call has ended; only the first end counts.
     *
     * @param dropsMessages whether messages that wait are not delivered any more
     */
    void close(Status status, Metadata trailers, boolean dropsMessages) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = new End(status, trailers);
            isReady = false;
            if (dropsMessages) {
                headers = null;
                drop();
            }
        }
        wake();
    }

    /** The call ends otherwise than it was about to, unless that was delivered. */
    void replaceEnd(Status status) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            end = new End(status, new Metadata());
            drop();
        }
    }

    @GuardedBy("this")
    private void drop() {
        inbox.clear();
        waiting = 0;
    }

    private void wake() {
        synchronized (this) {
            if (isRunning || isClosed || !hasNext()) {
                return;
            }
            isRunning = true;
        }
        boolean isAccepted = false;
        try {
            executor.execute(this);
            isAccepted = true;
        } finally {
            if (!isAccepted) {
                refused();
            }
        }
    }

    /** The executor has thrown: what happens next wakes it again, unless it delivers all the same. */
    private synchronized void refused() {
        isRunning = isDelivering;
    }

    @GuardedBy("this")
    private boolean hasNext() {
        return headers != null || isReady || (requested > 0 && !inbox.isEmpty()) || (end != null && inbox.isEmpty());
    }

    @Override
    public void run() {
        synchronized (this) {
            // An executor may have run this before it threw.
            if (!isRunning || isDelivering) {
                return;
            }
            isDelivering = true;
        }
        Context before = context.attach();
        try {
            request.run(this::deliverAll);
        } finally {
            context.detach(before);
        }
    }

    private void deliverAll() {
        Runnable next = next();
        while (next != null) {
            Runnable callback = next;
            boolean _ = UserCode.run(callback::run, owner::callbackFailed);
            next = next();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (isClosed) {
            // Nothing follows the end, neither what has arrived meanwhile nor an end that takes its place.
            return null;
        }
        Metadata received = headers;
        if (received != null) {
            headers = null;
            return () -> listener.onHeaders(received);
        }
        if (requested > 0 && !inbox.isEmpty()) {
            InboundMessage message = inbox.removeFirst();
            requested--;
            waiting -= weight(message);
            long left = waiting;
            return () -> deliver(message, left);
        }
        End over = end;
        if (over != null && inbox.isEmpty()) {
            isClosed = true;
            return () -> listener.onClose(over.status(), over.trailers());
        }
        if (isReady) {
            isReady = false;
            return listener::onReady;
        }
        isRunning = false;
        isDelivering = false;
        return null;
    }

    private void deliver(InboundMessage message, long left) {
        owner.taken(left);
        R decoded;
        try {
            decoded = coding.decode(message);
        } catch (RpcCoding.UnreadableException unreadable) {
            owner.unreadable(unreadable.status());
            return;
        }
        listener.onMessage(decoded);
    }
}
