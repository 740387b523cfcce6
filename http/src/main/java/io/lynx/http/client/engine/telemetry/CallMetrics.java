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
            "Calls of an HTTP client that have ended; status_code is none for those without an answer.",
            "client",
            "method",
            "path",
            "status_code");

    /** {@code lynx_client_request_duration_seconds} */
    public static final Metric DURATION = Metric.histogram(
            "lynx_client_request_duration_seconds",
            "Duration of the calls of an HTTP client, all attempts included; of a streamed answer until its head.",
            Metric.Unit.SECONDS,
            List.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0),
            "client",
            "method",
            "path");

    /** {@code lynx_client_errors_total} */
    public static final Metric ERRORS = Metric.counter(
            "lynx_client_errors_total",
            "Calls of an HTTP client without an answer, by reason; rejected: by a policy of the client.",
            "client",
            "reason");

    /** {@code lynx_client_inflight_requests} */
    public static final Metric INFLIGHT =
            Metric.gauge("lynx_client_inflight_requests", "Calls of an HTTP client that are in flight.", "client");

    /** {@code lynx_client_waiting_requests} */
    public static final Metric WAITING = Metric.gauge(
            "lynx_client_waiting_requests", "Calls of an HTTP client that wait for a connection.", "client");

    /** {@code lynx_client_connections} */
    public static final Metric CONNECTIONS = Metric.gauge(
            "lynx_client_connections", "Connections of an HTTP client: active or idle.", "client", "state");

    /** {@code lynx_client_servers} */
    public static final Metric SERVERS = Metric.gauge(
            "lynx_client_servers", "Addresses that an HTTP client knows: available or ejected.", "client", "state");

    /** All of them, in the order of the reference page. */
    public static final List<Metric> ALL = List.of(REQUESTS, DURATION, ERRORS, INFLIGHT, WAITING, CONNECTIONS, SERVERS);

    private static final int MOST_PATHS = 500;
    private static final String OTHER = "other";

    private final @Nullable MetricRegistry registry;
    private final String client;
    private final ConcurrentHashMap<String, Series> known = new ConcurrentHashMap<>();

    /**
     * Metrics of a client.
     *
     * @param registry null to measure nothing
     */
    public CallMetrics(String client, @Nullable MetricRegistry registry) {
        this.client = client;
        this.registry = registry;
    }

    /** The series of one method and template. Two threads may look a counter up at once; they find the same one. */
    private static final class Series {
        private static final int CODES = 600;

        private final MetricRegistry registry;
        private final String[] labels;
        final Histogram duration;
        private final @Nullable Counter[] byStatus = new Counter[CODES];

        Series(MetricRegistry registry, String client, String method, String path) {
            this.registry = registry;
            this.labels = new String[] {client, method, path};
            this.duration = registry.histogram(DURATION, labels);
        }

        Counter count(int status) {
            int index = status > 0 && status < CODES ? status : 0;
            Counter counter = byStatus[index];
            if (counter == null) {
                counter = registry.counter(
                        REQUESTS, labels[0], labels[1], labels[2], index == 0 ? "none" : Integer.toString(index));
                byStatus[index] = counter;
            }
            return counter;
        }
    }

    public void answered(OutgoingRequest request, int status, long nanos) {
        record(request, status, nanos);
    }

    public void failed(OutgoingRequest request, Throwable failure, long nanos) {
        record(request, 0, nanos);
        if (registry != null) {
            registry.counter(ERRORS, client, reason(failure)).increment();
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

    private void record(OutgoingRequest request, int status, long nanos) {
        if (registry == null) {
            return;
        }
        Series series = series(registry, request);
        series.count(status).increment();
        series.duration.record(nanos);
    }

    private Series series(MetricRegistry in, OutgoingRequest request) {
        String subject = request.subject();
        Series same = known.get(subject);
        if (same != null) {
            return same;
        }
        return known.size() < MOST_PATHS
                ? known.computeIfAbsent(subject, _ -> new Series(in, client, request.method(), request.template()))
                : known.computeIfAbsent(OTHER, _ -> new Series(in, client, OTHER, OTHER));
    }

    /** Adds what the client uses at the moment of a scrape. */
    public void collect(ClientCounts counts, Samples out) {
        out.add(INFLIGHT, (double) counts.inFlight(), client);
        out.add(WAITING, counts.waiting(), client);
        out.add(CONNECTIONS, counts.active(), client, "active");
        out.add(CONNECTIONS, counts.idle(), client, "idle");
        out.add(SERVERS, (double) counts.servers() - counts.ejected(), client, "available");
        out.add(SERVERS, counts.ejected(), client, "ejected");
    }
}
