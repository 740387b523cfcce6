package io.lynx.context;

import io.lynx.extension.Registration;
import io.lynx.security.Principal;
import io.lynx.time.Deadline;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the request that the current thread works for: its id, its trace, its baggage, its deadline and its
 * principal. The framework binds it to the threads that handle requests, events, jobs and recoveries, and to those that it starts
 * for them. {@code new Thread} and {@code CompletableFuture.supplyAsync} do not inherit it: wrap what they run by
 * {@link #wrap(Runnable)}. Thread-safe.
 */
public abstract sealed class RequestContext permits RequestScope, NoRequest {
    private static final ScopedValue<RequestContext> CURRENT = ScopedValue.newInstance();

    RequestContext() {}

    /** Returns the context that is bound to this thread; an empty one outside of a request. */
    public static RequestContext current() {
        return CURRENT.orElse(NoRequest.INSTANCE);
    }

    /** Returns a task that runs in the present context, on whatever thread it runs. */
    @SuppressWarnings(
            "FunctionalInterfaceClash") // As in ExecutorService.submit; a lambda of either kind fits one of them.
    public static Runnable wrap(Runnable task) {
        RequestContext context = current();
        return context instanceof NoRequest ? task : () -> context.run(task);
    }

    /** Returns a task that is called in the present context, on whatever thread calls it. */
    @SuppressWarnings("FunctionalInterfaceClash")
    public static <T> Callable<T> wrap(Callable<T> task) {
        RequestContext context = current();
        return context instanceof NoRequest ? task : () -> context.call(task);
    }

    /** Returns an executor that runs each task in the context in which it was given the task. */
    public static Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }

    /** Runs {@code task} on this thread, in this context. */
    public void run(Runnable task) {
        ScopedValue.where(CURRENT, this).run(task);
    }

    /**
     * Calls {@code task} on this thread, in this context.
     *
     * @throws Exception what the task threw
     */
    public final <T> T call(Callable<T> task) throws Exception {
        return ScopedValue.where(CURRENT, this).<T, Exception>call(task::call);
    }

    /** Returns the id of the request: its caller's, or one that was made for it; empty outside of a request. */
    public abstract String requestId();

    /**
     * Returns what the request asks for, such as {@code GET /orders/{id}} or {@code job orders.expire}: one of few distinct values, for
     * reports of who uses something. Empty if that is not known, and outside of a request.
     */
    public abstract String operation();

    /** Returns the trace that the request belongs to; empty if it belongs to none. */
    public final Optional<TraceContext> trace() {
        return Optional.ofNullable(findTrace());
    }

    abstract @Nullable TraceContext findTrace();

    /** Returns what the callers have passed on for their own use, by its key; at most 64 values. */
    public final Map<String, String> baggage() {
        return findBaggage().values();
    }

    abstract Baggage findBaggage();

    /**
     * Returns by when the request must be answered; empty if nothing limits it. It passes early if the caller goes away. Once the
     * request has been answered in time, what still runs for it has no deadline any more.
     */
    public final Optional<Deadline> deadline() {
        return Optional.ofNullable(findDeadline());
    }

    abstract @Nullable Deadline findDeadline();

    /** Returns who made the request; empty if it was not authenticated. */
    public abstract Optional<Principal> principal();

    /**
     * Sets who made the request. Everything that runs for it sees the principal from now on, interceptors outside of the caller
     * included.
     *
     * @throws IllegalStateException outside of a request
     */
    public abstract void authenticated(Principal principal);

    /** Returns whether the work for the request is of no use any more: its caller has gone, or its deadline has passed. */
    public abstract boolean isCancelled();

    /**
     * Runs {@code action} once the request is cancelled: its caller has gone, or it was answered because its time was over. It
     * runs at once if that has happened. The passing of a deadline alone does not run it; limit waits by {@link #deadline}.
     *
     * @param action must not block; it runs on the thread that cancels the request
     * @return withdraws the action
     */
    public abstract Registration onCancel(Runnable action);

    /** Returns this context for work that goes on when the request has been answered: without its deadline and cancellation. */
    public abstract RequestContext withoutDeadline();

    /** Returns this context with a deadline that is {@code deadline} at the latest. */
    public final RequestContext withDeadline(Deadline deadline) {
        return inner(null, null, deadline);
    }

    /** Returns this context inside another span of the trace, or of another trace. */
    public final RequestContext withTrace(TraceContext trace) {
        return inner(trace, null, null);
    }

    /**
     * Returns this context with another value in its baggage.
     *
     * @throws IllegalArgumentException if the key is not a token, or the baggage has more than 64 values or 8192 characters then
     */
    public final RequestContext withBaggage(String key, String value) {
        return inner(null, findBaggage().with(key, value), null);
    }

    /** Returns the part of the request that is in progress; null if the parts of this context are not kept. */
    abstract @Nullable SpanNode findNode();

    /** Returns a scope inside this context; what is null is as in this context. */
    abstract RequestScope inner(@Nullable TraceContext trace, @Nullable Baggage baggage, @Nullable Deadline deadline);

    /** Returns what identifies the request in log lines, as far as it is known: request_id, trace_id, span_id. */
    public final Map<String, String> ids() {
        String id = requestId();
        TraceContext trace = findTrace();
        if (id.isEmpty() && trace == null) {
            return Map.of();
        }
        Map<String, String> ids = new LinkedHashMap<>();
        if (!id.isEmpty()) {
            ids.put("request_id", id);
        }
        if (trace != null) {
            ids.put("trace_id", trace.traceId());
            ids.put("span_id", trace.spanId());
        }
        return Collections.unmodifiableMap(ids);
    }

    /**
     * Passes to {@code headers} the name and value of each header that carries this context to another service:
     * {@code x-request-id}, {@code traceparent}, {@code tracestate}, {@code baggage}, and in {@code x-request-timeout} what is left
     * of the deadline.
     */
    public final void propagate(BiConsumer<String, String> headers) {
        String id = requestId();
        if (!id.isEmpty()) {
            headers.accept(ContextHeaders.REQUEST_ID, id);
        }
        TraceContext trace = findTrace();
        if (trace != null) {
            headers.accept(ContextHeaders.TRACEPARENT, trace.traceparent());
            if (!trace.state().isEmpty()) {
                headers.accept(ContextHeaders.TRACESTATE, trace.state());
            }
        }
        Baggage baggage = findBaggage();
        if (!baggage.text().isEmpty()) {
            headers.accept(ContextHeaders.BAGGAGE, baggage.text());
        }
        Deadline deadline = findDeadline();
        if (deadline != null) {
            headers.accept(ContextHeaders.REQUEST_TIMEOUT, deadline.remaining().toMillis() + "ms");
        }
    }

    /** Returns the ids and the deadline, for logs. */
    @Override
    public final String toString() {
        return "request " + ids()
                + deadline().map(deadline -> ", deadline " + deadline).orElse("");
    }
}
