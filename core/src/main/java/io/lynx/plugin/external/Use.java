package io.lynx.plugin.external;

import io.lynx.context.RequestContext;
import io.lynx.resilience.Permit;
import org.jspecify.annotations.Nullable;

/**
 * One use of an external system, such as a borrowed connection or a message in the hands of a handler, from {@link Uses#begin} to
 * {@link #close}. It knows who uses the system, and counts as one call of the circuit breaker. Used by one thread at a time; {@link
 * #holder} may be called by any.
 */
public final class Use implements AutoCloseable {
    private final Uses uses;
    private final Permit permit;
    private final Thread thread = Thread.currentThread();
    private final RequestContext context = RequestContext.current();
    private final long startedAt;
    private volatile boolean isWaiting;
    private @Nullable Throwable outage;
    private boolean hasSucceeded;
    private boolean isClosed;

    Use(Uses uses, Permit permit, long startedAt) {
        this.uses = uses;
        this.permit = permit;
        this.startedAt = startedAt;
    }

    /** Notes that the use waits for a place, as in the queue for a connection: until {@link #holds}, it keeps no others waiting. */
    public void waits() {
        isWaiting = true;
    }

    /** Notes that the use has what it waited for. */
    public void holds() {
        isWaiting = false;
    }

    boolean isWaiting() {
        return isWaiting;
    }

    /** Notes that the system has answered. */
    public void succeeded() {
        hasSucceeded = true;
    }

    /**
     * Notes a failure. It counts against the breaker only if the system could not be reached or did not answer; any other failure is
     * an answer.
     */
    public void failed(Throwable failure) {
        if (uses.isOutage(failure)) {
            outage = failure;
        } else {
            hasSucceeded = true;
        }
    }

    /** Returns who uses the system, and since when. */
    public Holder holder() {
        String operation = context.operation();
        return new Holder(operation.isEmpty() ? thread.getName() : operation, uses.age(startedAt), thread);
    }

    /** Ends the use, and tells the breaker what came of it; a use without any answer or failure is ignored. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        uses.ended(this);
        if (outage != null) {
            permit.failure(outage);
        } else if (hasSucceeded) {
            permit.success();
        } else {
            permit.ignore();
        }
    }
}
