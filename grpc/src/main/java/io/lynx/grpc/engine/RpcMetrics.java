package io.lynx.grpc.engine;

import io.grpc.Status;
import io.lynx.context.TraceContext;
import io.lynx.extension.Registration;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the calls of one server, under the names of HTTP's requests. Nothing that a client sends becomes a label: calls of unknown
 * methods have one path in common. Each series is looked up once and kept. Thread-safe.
 */
public final class RpcMetrics {
    /** The path of calls of unknown methods. */
    static final String UNMATCHED = "unmatched";

    private static final String METHOD = "POST";
    private static final String PROTOCOL = "grpc";
    private static final int CODES = Status.Code.values().length;

    private final MetricRegistry registry;
    private final long slowNanos;
    private final boolean wantsTraces;
    private final PathSeries unmatched;
    private final ConcurrentHashMap<String, PathSeries> paths = new ConcurrentHashMap<>();

    /**
     * Metrics of a server.
     *
     * @param slowNanos a call that takes longer is slow; none is if it is 0
     */
    public RpcMetrics(MetricRegistry registry, long slowNanos) {
        this.registry = registry;
        this.slowNanos = slowNanos;
        this.wantsTraces = registry.takesExemplars();
        this.unmatched = new PathSeries(UNMATCHED);
    }

    /** The series of one path. */
    private final class PathSeries {
        private final String path;
        private final Histogram duration;
        private final Histogram requestSize;
        private final Histogram responseSize;
        // Two threads may make the same one: both then count in the same series.
        private final @Nullable Counter[] byCode = new Counter[CODES];
        private @Nullable Histogram unused;

        PathSeries(String path) {
            this.path = path;
            this.duration = registry.histogram(Catalogue.REQUEST_DURATION, METHOD, path, PROTOCOL);
            this.requestSize = registry.histogram(Catalogue.REQUEST_SIZE, METHOD, path, PROTOCOL);
            this.responseSize = registry.histogram(Catalogue.RESPONSE_SIZE, METHOD, path, PROTOCOL);
        }

        Counter of(Status.Code code) {
            Counter known = byCode[code.value()];
            if (known == null) {
                known = registry.counter(Catalogue.REQUESTS, METHOD, path, code.name(), PROTOCOL);
                byCode[code.value()] = known;
            }
            return known;
        }

        Histogram unused() {
            Histogram known = unused;
            if (known == null) {
                known = registry.histogram(Catalogue.DEADLINE_UNUSED, PROTOCOL, path);
                unused = known;
            }
            return known;
        }
    }

    private PathSeries path(@Nullable ServedMethod method) {
        if (method == null) {
            return unmatched;
        }
        PathSeries known = paths.get(method.name());
        return known != null ? known : paths.computeIfAbsent(method.name(), PathSeries::new);
    }

    /** Shows the present numbers of calls and connections of a listener of gRPC's own, until the registration is closed. */
    public Registration show(LongSupplier inFlight, IntSupplier connections) {
        return registry.source(PROTOCOL, out -> {
            out.add(Catalogue.INFLIGHT, (double) inFlight.getAsLong(), PROTOCOL);
            out.add(Catalogue.CONNECTIONS, connections.getAsInt(), PROTOCOL);
        });
    }

    /** Whether the traces of calls are recorded. */
    boolean wantsTraces() {
        return wantsTraces;
    }

    boolean isSlow(long nanos) {
        return slowNanos > 0 && nanos > slowNanos;
    }

    /** A call has ended; called once for each. */
    void ended(
            @Nullable ServedMethod method,
            Status.Code code,
            long nanos,
            long requestBytes,
            long responseBytes,
            @Nullable TraceContext trace) {
        PathSeries series = path(method);
        series.of(code).increment();
        if (trace == null || !trace.isSampled()) {
            series.duration.record(nanos);
        } else {
            series.duration.record(nanos, trace.traceId(), trace.spanId());
        }
        series.requestSize.record(requestBytes);
        series.responseSize.record(responseBytes);
    }

    void slow() {
        registry.counter(Catalogue.SLOW_OPERATIONS, RpcServer.REQUEST, PROTOCOL).increment();
    }

    void rejected(String reason) {
        registry.counter(Catalogue.REQUESTS_REJECTED, PROTOCOL, reason).increment();
    }

    void timedOut(String limit) {
        registry.counter(Catalogue.TIMEOUT_OPERATIONS, limit, PROTOCOL).increment();
    }

    void ignored(String header) {
        registry.counter(Catalogue.CONTEXT_HEADERS_IGNORED, PROTOCOL, header).increment();
    }

    void deadlineExceeded(@Nullable ServedMethod method) {
        registry.counter(Catalogue.DEADLINE_EXCEEDED, PROTOCOL, method == null ? UNMATCHED : method.name())
                .increment();
    }

    void deadlineUnused(ServedMethod method, long millionths) {
        path(method).unused().record(millionths);
    }

    /** How many dropped lines the access log has. */
    public Counter droppedLines() {
        return registry.counter(Catalogue.ACCESS_LOG_DROPPED, PROTOCOL);
    }
}
