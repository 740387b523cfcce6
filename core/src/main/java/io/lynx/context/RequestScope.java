package io.lynx.context;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.Registration;
import io.lynx.security.Principal;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * There is one scope for each request, and one inside it for each value that is replaced: a deadline, a span, the baggage. The
 * scope of a request reads from its source what is needed, when it is first needed: most requests need none of it. Reading is
 * guarded by the scope's monitor, so that a header is read and its defects are counted once; afterwards a volatile flag is enough.
 *
 * A request that has been answered keeps its source reachable as long as something keeps its context. What may be kept for long,
 * an event for example, keeps the context without deadline, which holds values only.
 */

/**
 * The context of one request from the side of what serves it, such as a transport or the scheduler of jobs: it can end or
 * cancel the request. Thread-safe.
 */
public final class RequestScope extends RequestContext {
    private final @Nullable RequestScope outer;
    private final @Nullable ContextSource source;

    private volatile @Nullable String id;
    // Set before the scope is published; a source knows it itself.
    private String operation = "";
    private volatile boolean isTraceRead;
    private @Nullable TraceContext trace;
    private volatile @Nullable Baggage baggage;
    /** As given until it is first read; then it also passes when the request is cancelled. */
    private volatile @Nullable Deadline deadline;

    private volatile boolean isDeadlineRead;
    private volatile @Nullable Principal principal;
    private volatile @Nullable RequestScope lasting;
    private volatile boolean isOver;
    // Threads that go on when the request has ended may see it late.
    private boolean hasEnded;
    // The part of the request that this scope belongs to: the root if this is the scope of the request.
    private volatile @Nullable SpanNode node;

    @GuardedBy("this")
    private @Nullable List<CancelAction> actions;

    RequestScope(
            @Nullable RequestScope outer,
            @Nullable ContextSource source,
            @Nullable String id,
            @Nullable TraceContext trace,
            @Nullable Baggage baggage,
            @Nullable Deadline deadline) {
        this.outer = outer;
        this.source = source;
        this.id = id;
        this.trace = trace;
        this.isTraceRead = source == null;
        this.baggage = baggage;
        this.deadline = deadline;
    }

    /** Returns the context of a request that a transport received. */
    public static RequestScope of(ContextSource source) {
        return new RequestScope(null, source, null, null, null, null);
    }

    /**
     * Returns the context of work that no request has caused, such as a run of a job.
     *
     * @param id its request id; empty for none
     * @param deadline null if nothing limits it
     */
    public static RequestScope of(String id, @Nullable Deadline deadline) {
        return new RequestScope(null, null, id, null, null, deadline);
    }

    /**
     * Returns the context of work that no request has caused.
     *
     * @param id its request id; empty for none
     * @param operation what it does, one of few distinct texts such as {@code job orders.expire}
     * @param deadline null if nothing limits it
     */
    public static RequestScope of(String id, String operation, @Nullable Deadline deadline) {
        RequestScope scope = of(id, deadline);
        scope.operation = operation;
        return scope;
    }

    @Override
    RequestScope inner(@Nullable TraceContext trace, @Nullable Baggage baggage, @Nullable Deadline deadline) {
        return new RequestScope(this, null, null, trace, baggage, deadline);
    }

    private boolean isOver() {
        return isOver;
    }

    /**
     * Cancels the request: its deadline passes, and the actions that wait for that run on this thread. Has no effect on a request
     * that is cancelled already.
     */
    public void cancel() {
        List<CancelAction> waiting;
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
            waiting = actions;
            actions = null;
        }
        if (waiting != null) {
            waiting.forEach(CancelAction::run);
        }
    }

    /** Ends the request: its deadline does not apply to what still runs for it, unless it was cancelled. */
    public void end() {
        hasEnded = true;
    }

    @Override
    public String requestId() {
        String known = id;
        if (known != null) {
            return known;
        }
        return outer == null ? readId() : outer.requestId();
    }

    private synchronized String readId() {
        String known = id;
        if (known == null) {
            known = source == null ? "" : ContextHeaders.requestId(source);
            id = known;
        }
        return known;
    }

    @Override
    public String operation() {
        if (outer != null) {
            return outer.operation();
        }
        return source == null ? operation : source.operation();
    }

    @Override
    @Nullable
    TraceContext findTrace() {
        TraceContext known = isTraceRead ? trace : readTrace();
        return known == null && outer != null ? outer.findTrace() : known;
    }

    private synchronized @Nullable TraceContext readTrace() {
        if (!isTraceRead && source != null) {
            trace = ContextHeaders.trace(source);
            isTraceRead = true;
        }
        return trace;
    }

    /** Makes a span the current one. */
    synchronized void enter(TraceContext span) {
        trace = span;
        isTraceRead = true;
    }

    /** Makes a part of the request the current one; null leaves the one around it. */
    void enterPart(@Nullable SpanNode part) {
        node = part;
    }

    @Override
    @Nullable
    SpanNode findNode() {
        for (RequestScope scope = this; scope != null; scope = scope.outer) {
            SpanNode known = scope.node;
            if (known != null) {
                return known;
            }
            if (scope.source != null) {
                return scope.requireNode();
            }
        }
        return null;
    }

    /** Returns the node of this request; null if none of its parts was recorded. */
    @Nullable
    SpanNode knownNode() {
        return node;
    }

    synchronized SpanNode requireNode() {
        SpanNode known = node;
        if (known == null) {
            known = SpanNode.root();
            node = known;
        }
        return known;
    }

    @Override
    Baggage findBaggage() {
        Baggage known = baggage;
        if (known != null) {
            return known;
        }
        return outer == null ? readBaggage() : outer.findBaggage();
    }

    private synchronized Baggage readBaggage() {
        Baggage known = baggage;
        if (known == null) {
            known = source == null ? Baggage.NONE : ContextHeaders.baggage(source);
            baggage = known;
        }
        return known;
    }

    @Override
    @Nullable
    Deadline findDeadline() {
        Deadline own = hasEnded && !isOver ? null : ownDeadline();
        Deadline outers = outer == null ? null : outer.findDeadline();
        if (own == null || outers == null) {
            return own == null ? outers : own;
        }
        return own.earliest(outers);
    }

    private @Nullable Deadline ownDeadline() {
        if (!isDeadlineRead) {
            Deadline read = source == null ? deadline : source.answerBy().orElse(null);
            deadline = read == null ? null : read.orWhen(this::isOver);
            isDeadlineRead = true;
        }
        return deadline;
    }

    @Override
    public Optional<Principal> principal() {
        return outer == null ? Optional.ofNullable(principal) : outer.principal();
    }

    @Override
    public void authenticated(Principal caller) {
        if (outer == null) {
            principal = caller;
        } else {
            outer.authenticated(caller);
        }
    }

    @Override
    public boolean isCancelled() {
        for (RequestScope scope = this; scope != null; scope = scope.outer) {
            if (scope.isOver) {
                return true;
            }
        }
        Deadline last = findDeadline();
        return last != null && last.isExpired();
    }

    @Override
    public Registration onCancel(Runnable action) {
        CancelAction waiting = new CancelAction(this, action);
        for (RequestScope scope = this; scope != null; scope = scope.outer) {
            if (!scope.add(waiting)) {
                waiting.run();
            }
        }
        return waiting;
    }

    private synchronized boolean add(CancelAction action) {
        if (isOver) {
            return false;
        }
        if (actions == null) {
            actions = new ArrayList<>(2);
        }
        return actions.add(action);
    }

    /** Withdraws an action from this scope and those around it. */
    void withdraw(CancelAction action) {
        for (RequestScope at = this; at != null; at = at.outer) {
            at.remove(action);
        }
    }

    private synchronized void remove(CancelAction action) {
        if (actions != null) {
            actions.remove(action);
        }
    }

    @Override
    public RequestContext withoutDeadline() {
        RequestScope known = lasting;
        Principal caller = principal().orElse(null);
        if (known == null || !Objects.equals(known.principal, caller)) {
            known = new RequestScope(null, null, requestId(), findTrace(), findBaggage(), null);
            known.principal = caller;
            known.node = findNode();
            known.operation = operation();
            known.lasting = known;
            lasting = known;
        }
        return known;
    }
}
