package io.lynx.http.engine.telemetry;

import io.lynx.context.TraceContext;
import io.lynx.extension.Registration;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.Route;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.metrics.RequestSeries;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the requests of one listener. Thread-safe.
 *
 * <p>Nothing that a client sends becomes a label: the path is a route's template or {@link #UNMATCHED}, a method is one of
 * ten, so the series are bounded by the routes. Each is looked up once and kept; recording allocates nothing.
 */
public final class RequestMetrics implements RequestRecorder {
    /** The path of requests that no route answers. */
    static final String UNMATCHED = "unmatched";

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE");

    private final ProductionMetrics metrics;
    private final String protocol;
    private final long slowNanos;
    private final boolean wantsTraces;
    private final PathSeries unmatched;
    private final ConcurrentHashMap<String, PathSeries> paths = new ConcurrentHashMap<>();
    private final Map<Rejection, Counter> rejections = new EnumMap<>(Rejection.class);
    private final Map<RequestTimeLimit, Counter> timeouts = new EnumMap<>(RequestTimeLimit.class);
    private final Counter slow;

    /**
     * Metrics of a listener.
     *
     * @param protocol its name; {@code http} for the service's
     * @param slowNanos a request whose answer begins later is slow; none is if it is 0
     */
    public RequestMetrics(ProductionMetrics metrics, String protocol, long slowNanos) {
        this.metrics = metrics;
        this.protocol = protocol;
        this.slowNanos = slowNanos;
        this.wantsTraces = metrics.registry().takesExemplars();
        this.unmatched = new PathSeries(UNMATCHED);
        for (Rejection reason : Rejection.values()) {
            rejections.put(reason, metrics.registry().counter(Catalogue.REQUESTS_REJECTED, protocol, reason.label()));
        }
        for (RequestTimeLimit limit : RequestTimeLimit.values()) {
            timeouts.put(limit, metrics.registry().counter(Catalogue.TIMEOUT_OPERATIONS, limit.label(), protocol));
        }
        this.slow = metrics.registry().counter(Catalogue.SLOW_OPERATIONS, RequestTimeLimit.REQUEST.label(), protocol);
    }

    /** Whether that is one of the methods of HTTP; others are arbitrary text. */
    static boolean isKnown(String method) {
        return METHODS.contains(method);
    }

    /** The series of one path, by method. */
    private final class PathSeries {
        private final String path;
        // Two threads may make the same one: both then count in the same series.
        private final @Nullable RequestSeries[] byMethod = new RequestSeries[METHODS.size() + 1];
        private @Nullable Histogram unused;
        private volatile @Nullable SocketMetrics sockets;

        PathSeries(String path) {
            this.path = path;
        }

        RequestSeries of(String method) {
            // The first is for all that are not known, which have one series in common.
            int index = METHODS.indexOf(method) + 1;
            RequestSeries known = byMethod[index];
            if (known == null) {
                known = metrics.requests(method, path, protocol);
                byMethod[index] = known;
            }
            return known;
        }

        synchronized SocketMetrics sockets() {
            SocketMetrics known = sockets;
            if (known == null) {
                known = new SocketMetrics(metrics.registry(), protocol, path);
                sockets = known;
            }
            return known;
        }

        void showSockets(Samples out) {
            SocketMetrics known = sockets;
            if (known != null) {
                out.add(Catalogue.WEBSOCKETS, (double) known.open(), protocol, path);
            }
        }

        Histogram unused() {
            Histogram known = unused;
            if (known == null) {
                known = metrics.registry().histogram(Catalogue.DEADLINE_UNUSED, protocol, path);
                unused = known;
            }
            return known;
        }
    }

    /** Shows the present numbers of requests and connections until the registration is closed. */
    public Registration show(LongSupplier inFlight, IntSupplier connections) {
        return metrics.registry().source("http", out -> {
            out.add(Catalogue.INFLIGHT, (double) inFlight.getAsLong(), protocol);
            out.add(Catalogue.CONNECTIONS, connections.getAsInt(), protocol);
            paths.values().forEach(path -> path.showSockets(out));
        });
    }

    @Override
    public void ended(
            @Nullable Route route,
            String method,
            int status,
            long beganNanos,
            long nanos,
            long requestBytes,
            long responseBytes,
            @Nullable TraceContext trace) {
        PathSeries path = route == null ? unmatched : path(pathOf(route));
        RequestSeries series = path.of(method);
        if (trace == null || !trace.isSampled()) {
            series.record(status, nanos, requestBytes, responseBytes);
        } else {
            series.record(status, nanos, requestBytes, responseBytes, trace.traceId(), trace.spanId());
        }
        if (isSlow(beganNanos)) {
            slow.increment();
        }
    }

    @Override
    public boolean isSlow(long beganNanos) {
        return slowNanos > 0 && beganNanos > slowNanos;
    }

    @Override
    public boolean wantsTraces() {
        return wantsTraces;
    }

    private PathSeries path(String template) {
        PathSeries known = paths.get(template);
        return known != null ? known : paths.computeIfAbsent(template, PathSeries::new);
    }

    @Override
    public void rejected(Rejection reason) {
        count(rejections.get(reason));
    }

    @Override
    public void timedOut(RequestTimeLimit limit) {
        count(timeouts.get(limit));
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public SocketRecorder sockets(@Nullable Route route) {
        return path(pathOf(route)).sockets();
    }

    @Override
    public void rateLimited(String limiter) {
        metrics.recordRateLimitHit("request", limiter);
    }

    @Override
    public void deadlineExceeded(@Nullable Route route) {
        metrics.registry()
                .counter(Catalogue.DEADLINE_EXCEEDED, protocol, pathOf(route))
                .increment();
    }

    @Override
    public void deadlineUnused(@Nullable Route route, long millionths) {
        PathSeries path = route == null ? unmatched : path(pathOf(route));
        path.unused().record(millionths);
    }

    private static String pathOf(@Nullable Route route) {
        return route == null ? UNMATCHED : route.template().text();
    }

    @Override
    public void ignored(String header) {
        metrics.registry()
                .counter(Catalogue.CONTEXT_HEADERS_IGNORED, protocol, header)
                .increment();
    }
}
