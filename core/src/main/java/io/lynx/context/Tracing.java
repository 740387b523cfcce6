package io.lynx.context;

import io.lynx.context.RequestRing.Entry;
import io.lynx.context.Tracer.TracedSpan;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.extension.UserCode;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the spans of an application go: to the tracer that a plugin has installed, and to the ring of recent requests that were slow
 * or failed. Without a tracer, a request costs a check whether there is one, and each call and event handler that is a part of it
 * adds a few small objects, which live as long as the request or its place in the ring. Thread-safe.
 */
public final class Tracing {
    /** The key under which every application shares its tracing. */
    public static final ResourceKey<Tracing> KEY = ResourceKey.of("lynx.tracing", Tracing.class);

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final long REPORT_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Tracer> tracer = new AtomicReference<>();
    private final RequestRing failed = new RequestRing();
    private final RequestRing slow = new RequestRing();
    private final AtomicLong reportedAt;

    /** Tracing without a tracer. */
    public Tracing(Ticker ticker, InstantSource clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.reportedAt = new AtomicLong(ticker.nanos() - REPORT_INTERVAL);
    }

    /**
     * Sends spans to {@code added} from now on.
     *
     * @return removes it
     * @throws IllegalStateException if there is a tracer already
     */
    public Registration install(Tracer added) {
        if (!tracer.compareAndSet(null, added)) {
            throw new IllegalStateException("tracer: another one is installed; an application has one");
        }
        return () -> {
            boolean _ = tracer.compareAndSet(added, null);
        };
    }

    /** Returns whether a tracer is installed. */
    public boolean isActive() {
        return tracer.get() != null;
    }

    /**
     * Returns whether there is a span around the work in {@code outer} that is recorded. Work that happens often and means little by
     * itself, such as the handling of an event, begins a span only then.
     */
    public boolean isInSpan(RequestContext outer) {
        return outer.findNode() != null || (isActive() && outer.findTrace() != null);
    }

    /**
     * Calls {@code task} inside a span of the work that this thread does, such as a query of a database.
     *
     * @param name has few distinct values, such as {@code INSERT orders}
     * @throws Exception what the task threw
     */
    public <T extends @Nullable Object> T call(String name, Callable<T> task) throws Exception {
        RequestContext outer = RequestContext.current();
        Span span = begin(SpanKind.INTERNAL, name, outer);
        if (span.isNone()) {
            return task.call();
        }
        try {
            T result = span.in(outer).call(task);
            span.end("");
            return result;
        } catch (Throwable failure) {
            span.end(failure);
            throw failure;
        }
    }

    /** Begins a span of the work in {@code outer}. */
    public Span begin(SpanKind kind, String name, RequestContext outer) {
        return begin(kind, name, outer, false);
    }

    /**
     * Begins a span of the work in {@code outer}.
     *
     * @param isLater whether the work comes so late that it begins a trace of its own, which is linked to the one of {@code outer}
     */
    public Span begin(SpanKind kind, String name, RequestContext outer, boolean isLater) {
        Tracer present = tracer.get();
        SpanNode around = outer.findNode();
        if (present == null && around == null) {
            return Span.NONE;
        }
        TracedSpan traced = null;
        if (present != null) {
            TraceContext known = outer.findTrace();
            traced = start(present, kind, name, isLater ? null : known, isLater ? known : null);
        }
        SpanNode part = around == null ? null : around.begin(kind, name, ticker.nanos());
        return new Span(this, traced, contextOf(traced), part);
    }

    /** Begins the span of a request, which becomes the current one of its context. Returns {@link Span#NONE} without a tracer. */
    public Span server(String name, RequestScope request) {
        Tracer present = tracer.get();
        if (present == null) {
            return Span.NONE;
        }
        TracedSpan traced = start(present, SpanKind.SERVER, name, request.findTrace(), null);
        TraceContext context = contextOf(traced);
        if (context == null) {
            return Span.NONE;
        }
        request.enter(context);
        return new Span(this, traced, context, null);
    }

    private @Nullable TraceContext contextOf(@Nullable TracedSpan traced) {
        return traced == null ? null : UserCode.<@Nullable TraceContext>call(traced::context, null, this::report);
    }

    private @Nullable TracedSpan start(
            Tracer tracer, SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
        return UserCode.<@Nullable TracedSpan>call(() -> tracer.start(kind, name, parent, link), null, this::report);
    }

    /** Handles what a method of the tracer threw. */
    void tracerFailed(Throwable failure) {
        UserCode.rethrowIfFatal(failure);
        report(failure);
    }

    /** A tracer that always throws would write a line for each span and attribute, on event loops too. */
    private void report(Throwable failure) {
        long now = now();
        long last = reportedAt.get();
        if (now - last >= REPORT_INTERVAL && reportedAt.compareAndSet(last, now)) {
            Tracer present = tracer.get();
            LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log(
                            "Tracer {} failed; the traced work is not affected, further failures are logged once a minute",
                            present == null
                                    ? "that was removed"
                                    : present.getClass().getName());
        }
    }

    /** Notes why the handling of a request failed, before its answer is sent. */
    public static void failed(RequestScope request, Throwable failure) {
        request.requireNode().failed(Span.errorType(failure));
    }

    /** Returns the type of the failure that was noted; empty if there is none. */
    public static String error(RequestScope request) {
        SpanNode node = request.knownNode();
        return node == null ? "" : node.error();
    }

    /**
     * Keeps a request that was slow or failed among the most recent ones.
     *
     * @param nanos until its answer was complete
     */
    public void keep(RequestScope request, String name, int status, boolean isSlow, long startedAt, long nanos) {
        TraceContext trace = request.findTrace();
        boolean isFailed = status >= 500;
        Entry entry = new Entry(
                request.requestId(),
                trace == null ? null : trace.traceId(),
                name,
                status,
                isSlow,
                error(request),
                startedAt,
                nanos,
                request.knownNode());
        (isFailed ? failed : slow).add(entry);
    }

    /** Returns the most recent requests that were slow or failed, the most recent first; at most 64 of each. */
    public List<RecentRequest> recentRequests() {
        long now = now();
        Instant instant = clock.instant();
        return Stream.concat(failed.entries().stream(), slow.entries().stream())
                .sorted(Comparator.comparingLong(entry -> now - entry.startedAt()))
                .map(entry -> shown(entry, instant.minusNanos(now - entry.startedAt())))
                .toList();
    }

    private static RecentRequest shown(Entry entry, Instant startedAt) {
        SpanNode node = entry.node();
        return new RecentRequest(
                entry.id(),
                entry.traceId(),
                entry.name(),
                entry.status(),
                entry.isSlow(),
                startedAt,
                Duration.ofNanos(entry.nanos()),
                entry.error(),
                node == null ? List.of() : node.tree(entry.startedAt()),
                node == null ? 0 : node.leftOut());
    }

    long now() {
        return ticker.nanos();
    }
}
