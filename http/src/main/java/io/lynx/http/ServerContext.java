package io.lynx.http;

import io.lynx.json.JsonCodec;
import io.lynx.plugin.InFlight;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** What the exchanges of one open listener share. Thread-safe. */
final class ServerContext {
    private final HttpConfig config;
    private final Supplier<RouteTable> routes;
    private final Ticker ticker;
    private final InFlight inFlight;
    private final RequestRecorder recorder;
    private final FailureReporter failures;
    private final JsonCodec json;
    private final Counts counts = new Counts();
    private final String idPrefix = Long.toString(ThreadLocalRandom.current().nextLong() >>> 16, 36);
    private final AtomicLong numbers = new AtomicLong();
    private final long requestTimeout;
    private final long stallTimeout;

    /** What became of requests that were not answered as usual. */
    static final class Counts {
        final LongAdder refusedRequests = new LongAdder();
        final LongAdder abandoned = new LongAdder();
        final LongAdder timedOut = new LongAdder();
    }

    ServerContext(
            HttpConfig config,
            Supplier<RouteTable> routes,
            Ticker ticker,
            InFlight inFlight,
            RequestRecorder recorder,
            FailureReporter failures,
            JsonCodec json) {
        this.config = config;
        this.routes = routes;
        this.ticker = ticker;
        this.inFlight = inFlight;
        this.recorder = recorder;
        this.failures = failures;
        this.json = json;
        this.requestTimeout = nanos(config.requestTimeout());
        this.stallTimeout = nanos(config.stallTimeout());
    }

    /** Saturates at 292 years. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    HttpConfig config() {
        return config;
    }

    RouteTable routes() {
        return routes.get();
    }

    InFlight inFlight() {
        return inFlight;
    }

    FailureReporter failures() {
        return failures;
    }

    JsonCodec json() {
        return json;
    }

    Counts counts() {
        return counts;
    }

    RequestRecorder recorder() {
        return recorder;
    }

    void rejected(Rejection reason) {
        if (reason == Rejection.MAX_IN_FLIGHT) {
            counts.refusedRequests.increment();
        }
        recorder.rejected(reason);
    }

    void timedOut(TimeLimit limit) {
        counts.timedOut.increment();
        recorder.timedOut(limit);
    }

    long requestTimeout() {
        return requestTimeout;
    }

    long stallTimeout() {
        return stallTimeout;
    }

    long now() {
        return ticker.nanos();
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    String requestId(long number) {
        return idPrefix + "-" + Long.toString(number, 36);
    }
}
