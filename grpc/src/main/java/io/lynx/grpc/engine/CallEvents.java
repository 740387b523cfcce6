package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.grpc.engine.wire.InboundMessage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The events of a call that its service has not received yet, in order: the start, that the client is ready, the messages that the
 * service has requested, the end of the messages, and the end of the call, which overtakes all others. One thread at a time delivers
 * them. Thread-safe.
 */
final class CallEvents {
    /** An event other than a message. */
    enum Event {
        START,
        READY,
        HALF_CLOSE,
        COMPLETE,
        CANCEL
    }

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
    private boolean isDelivering;

    /** Adds a message, or the end of the messages; returns false if the call is over. */
    synchronized boolean add(@Nullable InboundMessage message) {
        return ending == null && inbox.add(message == null ? Event.HALF_CLOSE : message);
    }

    /** The client takes what is sent, again. */
    synchronized void ready() {
        isReadyDue = true;
    }

    /** The service requests messages. */
    synchronized void request(int messages) {
        demand = Math.max(demand, demand + messages);
    }

    /** The call is over; returns false if it was before. */
    synchronized boolean end(Event how) {
        if (ending != null) {
            return false;
        }
        ending = how;
        return true;
    }

    /** Whether the caller has to deliver, since there is something to deliver and no other thread does. */
    synchronized boolean begins() {
        if (isDelivering || !hasNext()) {
            return false;
        }
        isDelivering = true;
        return true;
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

    /** Returns what is delivered next, an {@link Event} or a message; null if there is nothing, and the caller does not deliver then. */
    synchronized @Nullable Object next() {
        if (!hasNext()) {
            isDelivering = false;
            return null;
        }
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

    /** Removes what is not delivered any more; null if nothing is left. */
    synchronized @Nullable Object dropped() {
        return inbox.poll();
    }
}
