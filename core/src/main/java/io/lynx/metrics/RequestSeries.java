package io.lynx.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The series of the requests of one route and method. Keep it where the requests are answered: recording one is a few
 * additions, without a look-up and without allocation once a status has been seen. Thread-safe.
 */
public final class RequestSeries {
    private static final String OTHER = "other";
    private static final int CLASSES = 5;
    private static final int CODES = 100;

    private final MetricRegistry registry;
    private final @Nullable String method;
    private final @Nullable String path;
    private final @Nullable String protocol;
    private final Histogram duration;
    private final Histogram requestSize;
    private final Histogram responseSize;

    /** By hundreds, and then by the rest. Racy: two threads may both look a counter up, but they find the same one. */
    private final @Nullable Row[] byStatus = new Row[CLASSES];

    private @Nullable Counter others;

    private static final class Row {
        final @Nullable Counter[] codes = new Counter[CODES];
    }

    RequestSeries(MetricRegistry registry, @Nullable String method, @Nullable String path, @Nullable String protocol) {
        this.registry = registry;
        this.method = method;
        this.path = path;
        this.protocol = protocol;
        this.duration = registry.histogram(Catalogue.REQUEST_DURATION, method, path, protocol);
        this.requestSize = registry.histogram(Catalogue.REQUEST_SIZE, method, path, protocol);
        this.responseSize = registry.histogram(Catalogue.RESPONSE_SIZE, method, path, protocol);
    }

    /**
     * Records a request that was answered.
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

    /**
     * Records a request that belongs to a trace, which becomes an exemplar of its duration if {@code lynx.metrics.exemplars}
     * is on.
     *
     * @param status as {@link #record(int, long, long, long)} takes it
     * @param nanos from the head of the request to the end of the answer
     * @param traceId as {@link Histogram#record(long, String, String)} takes it
     */
    public void record(
            int status,
            long nanos,
            long requestBytes,
            long responseBytes,
            @Nullable String traceId,
            @Nullable String spanId) {
        counter(status).increment();
        duration.record(nanos, traceId, spanId);
        requestSize.record(requestBytes);
        responseSize.record(responseBytes);
    }

    private Counter counter(int status) {
        int hundreds = status / CODES - 1;
        if (status < CODES || hundreds >= CLASSES) {
            return others();
        }
        Row row = byStatus[hundreds];
        Counter known = row == null ? null : row.codes[status % CODES];
        return known == null ? create(hundreds, status) : known;
    }

    private Counter create(int hundreds, int status) {
        Counter made = registry.counter(Catalogue.REQUESTS, method, path, Integer.toString(status), protocol);
        Row row = byStatus[hundreds];
        if (row == null) {
            row = new Row();
            byStatus[hundreds] = row;
        }
        row.codes[status % CODES] = made;
        return made;
    }

    private Counter others() {
        Counter known = others;
        if (known == null) {
            known = registry.counter(Catalogue.REQUESTS, method, path, OTHER, protocol);
            others = known;
        }
        return known;
    }
}
