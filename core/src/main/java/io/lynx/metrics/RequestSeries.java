package io.lynx.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The series of the requests of one route and method. Keep it where the requests are answered: recording one is a few
 * additions, without a look-up and without allocation once a status has been seen. Thread-safe.
 */
public final class RequestSeries {
    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;

    private final MetricRegistry registry;
    private final String method;
    private final String path;
    private final String protocol;
    private final Histogram duration;
    private final Histogram requestSize;
    private final Histogram responseSize;
    private final @Nullable Counter[] byStatus = new Counter[HIGHEST - LOWEST + 1];

    RequestSeries(MetricRegistry registry, String method, String path, String protocol) {
        this.registry = registry;
        this.method = method;
        this.path = path;
        this.protocol = protocol;
        this.duration = registry.histogram(Catalogue.REQUEST_DURATION, method, path, protocol);
        this.requestSize = registry.histogram(Catalogue.REQUEST_SIZE, method, path, protocol);
        this.responseSize = registry.histogram(Catalogue.RESPONSE_SIZE, method, path, protocol);
    }

    /**
     * A request was answered.
     *
     * @param status the code of the answer; outside 100 to 599 it counts as {@code other}
     * @param nanos from the head of the request to the end of the answer
     */
    public void record(int status, long nanos, long requestBytes, long responseBytes) {
        counter(status).increment();
        duration.record(nanos);
        requestSize.record(requestBytes);
        responseSize.record(responseBytes);
    }

    private Counter counter(int status) {
        if (status < LOWEST || status > HIGHEST) {
            return registry.counter(Catalogue.REQUESTS, method, path, "other", protocol);
        }
        Counter known = byStatus[status - LOWEST];
        if (known == null) {
            // Two threads may both look it up: they find the same counter.
            known = registry.counter(Catalogue.REQUESTS, method, path, Integer.toString(status), protocol);
            byStatus[status - LOWEST] = known;
        }
        return known;
    }
}
