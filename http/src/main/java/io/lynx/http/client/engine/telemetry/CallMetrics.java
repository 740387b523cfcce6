package io.lynx.http.client.engine.telemetry;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.engine.call.OutgoingRequest;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.resilience.CallRejectedException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures the calls of one client by method and template of the path, never by the path itself. Templates beyond a bound share
 * one series. Thread-safe.
 */
public final class CallMetrics {
    /** {@code lynx_client_requests_total} */
    public static final Metric REQUESTS = Metric.counter(
            "lynx_client_requests_total",
            "Calls of a client that have ended; status_code is none for HTTP calls without an answer.",
            "client",
            "method",
            "path",
            "status_code",
            "protocol");

    /** {@code lynx_client_request_duration_seconds} */
    public static final Metric DURATION = Metric.histogram(
            "lynx_client_request_duration_seconds",
            "Duration of the calls of a client, all attempts included; of a streamed HTTP answer until its head.",
            Metric.Unit.SECONDS,
            List.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0),
            "client",
            "method",
            "path",
            "protocol");

    /** {@code lynx_client_errors_total} */
    public static final Metric ERRORS = Metric.counter(
            "lynx_client_errors_total",
            "Calls of a client without an answer, by reason; rejected: by a policy of the client.",
            "client",
            "reason",
            "protocol");

    /** {@code lynx_client_inflight_requests} */
    public static final Metric INFLIGHT = Metric.gauge(
            "lynx_client_inflight_requests", "Calls of a client that are in flight.", "client", "protocol");

    /** {@code lynx_client_waiting_requests} */
    public static final Metric WAITING = Metric.gauge(
            "lynx_client_waiting_requests", "Calls of a client that wait for a connection.", "client", "protocol");

    /** {@code lynx_client_connections} */
    public static final Metric CONNECTIONS = Metric.gauge(
            "lynx_client_connections", "Connections of a client: active or idle.", "client", "state", "protocol");

    /** {@code lynx_client_servers} */
    public static final Metric SERVERS = Metric.gauge(
            "lynx_client_servers",
            "Addresses that a client knows: available or ejected.",
            "client",
            "state",
            "protocol");

    /** All of them, in the order of the reference page. */
    public static final List<Metric> ALL = List.of(REQUESTS, DURATION, ERRORS, INFLIGHT, WAITING, CONNECTIONS, SERVERS);

    private static final int MOST_PATHS = 500;
    private static final String OTHER = "other";

    private static final String NO_ANSWER = "none";

    private final @Nullable MetricRegistry registry;
    private final String client;
    private final String protocol;
    private final ConcurrentHashMap<String, Series> known = new ConcurrentHashMap<>();

    /**
     * Metrics of a client.
     *
     * @param protocol {@code http} or {@code grpc}
     * @param registry null to measure nothing
     */
    public CallMetrics(String client, String protocol, @Nullable MetricRegistry registry) {
        this.client = client;
        this.protocol = protocol;
        this.registry = registry;
    }

    /** The series of one method and path. Two threads may look a counter up at once; they find the same one. */
    private final class Series {
        private final MetricRegistry in;
        private final String method;
        private final String path;
        final Histogram duration;
        private final ConcurrentHashMap<String, Counter> byStatus = new ConcurrentHashMap<>(4);

        Series(MetricRegistry in, String method, String path) {
            this.in = in;
            this.method = method;
            this.path = path;
            this.duration = in.histogram(DURATION, client, method, path, protocol);
        }

        Counter count(String status) {
            Counter counter = byStatus.get(status);
            return counter != null
                    ? counter
                    : byStatus.computeIfAbsent(
                            status, code -> in.counter(REQUESTS, client, method, path, code, protocol));
        }
    }

    public void answered(OutgoingRequest request, int status, long nanos) {
        ended(request.method(), request.template(), status > 0 ? Integer.toString(status) : NO_ANSWER, nanos);
    }

    public void failed(OutgoingRequest request, Throwable failure, long nanos) {
        ended(request.method(), request.template(), NO_ANSWER, nanos);
        unanswered(reason(failure));
    }

    /** A call has no answer, for this reason. */
    public void unanswered(String reason) {
        if (registry != null) {
            registry.counter(ERRORS, client, reason, protocol).increment();
        }
    }

    private static String reason(Throwable failure) {
        return switch (failure) {
            case HttpCallException call -> call.reason().name().toLowerCase(Locale.ROOT);
            case CallRejectedException _ -> "rejected";
            case CancellationException _ -> "cancelled";
            // Such as a body that cannot be read.
            default -> "caller";
        };
    }

    /**
     * A call has ended.
     *
     * @param path the template of the path, or the full name of the method
     * @param status one of few
     */
    public void ended(String method, String path, String status, long nanos) {
        if (registry == null) {
            return;
        }
        Series series = series(registry, method, path);
        series.count(status).increment();
        series.duration.record(nanos);
    }

    private Series series(MetricRegistry in, String method, String path) {
        String subject = method + " " + path;
        Series same = known.get(subject);
        if (same != null) {
            return same;
        }
        return known.size() < MOST_PATHS
                ? known.computeIfAbsent(subject, _ -> new Series(in, method, path))
                : known.computeIfAbsent(OTHER, _ -> new Series(in, OTHER, OTHER));
    }

    /** Adds what the client uses at the moment of a scrape. */
    public void collect(ClientCounts counts, Samples out) {
        out.add(INFLIGHT, (double) counts.inFlight(), client, protocol);
        out.add(WAITING, counts.waiting(), client, protocol);
        out.add(CONNECTIONS, counts.active(), client, "active", protocol);
        out.add(CONNECTIONS, counts.idle(), client, "idle", protocol);
        out.add(SERVERS, (double) counts.servers() - counts.ejected(), client, "available", protocol);
        out.add(SERVERS, counts.ejected(), client, "ejected", protocol);
    }
}
