package io.lynx.http.engine.exchange;

import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.http.HttpConfig;
import io.lynx.http.HttpException;
import io.lynx.http.RequestValidator;
import io.lynx.http.engine.answer.AnswerRules;
import io.lynx.http.engine.body.BodyRules;
import io.lynx.http.engine.head.TrustedProxies;
import io.lynx.http.engine.problem.ErrorMapping;
import io.lynx.http.engine.problem.PluginAbsentException;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.problem.UploadsFullException;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.http.engine.routing.Router;
import io.lynx.http.engine.telemetry.AccessLog;
import io.lynx.http.engine.telemetry.FailureReporter;
import io.lynx.http.engine.telemetry.RequestRecorder;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.InFlight;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.time.Ticker;
import io.lynx.transport.Listener;
import io.lynx.transport.LogLimit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the exchanges of one open listener share. Thread-safe. */
public final class ServerContext {
    /** Requests above the limit whose refusals may run interceptors. */
    private static final int MAX_REFUSALS = 1024;

    private static final long DEFAULT_PATIENCE = Duration.ofMinutes(1).toNanos();

    private final HttpConfig config;
    private final Router router;
    private final Ticker ticker;
    private final InFlight inFlight;
    private final TrustedProxies proxies;
    private final RequestRecorder recorder;
    private final FailureReporter failures;
    private final JsonCodec json;
    private final @Nullable Tracing tracing;
    private final @Nullable RequestValidator validator;
    private final LogLimit repeats;
    private final Counts counts = new Counts();
    private final String idPrefix = Long.toString(ThreadLocalRandom.current().nextLong() >>> 16, 36);
    private final AtomicLong numbers = new AtomicLong();
    private final @Nullable LoadShedder shedder;
    private final @Nullable AccessLog accessLog;
    private final AnswerRules answers;
    private final BodyRules bodies;
    private final long requestTimeout;
    private final long stallTimeout;

    /** What became of requests that were not answered as usual. */
    public static final class Counts {
        public final LongAdder refusedRequests = new LongAdder();
        public final LongAdder abandoned = new LongAdder();
        public final LongAdder timedOut = new LongAdder();
    }

    /**
     * A context.
     *
     * @param tracing where spans and slow or failed requests go; null for nowhere
     * @param accessLog where every request is written; null for nowhere
     * @param validator checks what handlers read from requests; null if nothing does
     */
    public ServerContext(
            HttpConfig config,
            Supplier<RouteTable> routes,
            Ticker ticker,
            Listener listener,
            RequestRecorder recorder,
            FailureReporter failures,
            JsonCodec json,
            @Nullable Tracing tracing,
            @Nullable AccessLog accessLog,
            @Nullable RequestValidator validator) {
        this.config = config;
        this.router = new Router(routes);
        this.ticker = ticker;
        this.inFlight = listener.inFlight();
        this.proxies = new TrustedProxies(listener.trustedProxies());
        this.recorder = recorder;
        this.failures = failures;
        this.json = json;
        this.tracing = tracing;
        this.accessLog = accessLog;
        this.answers = new AnswerRules(ticker, config.compression());
        this.bodies = new BodyRules(config);
        this.validator = validator;
        this.repeats = new LogLimit(ticker);
        this.shedder = config.shed() ? new LoadShedder() : null;
        this.requestTimeout = RequestTimeLimit.nanos(config.requestTimeout());
        this.stallTimeout = RequestTimeLimit.nanos(config.stallTimeout());
    }

    HttpConfig config() {
        return config;
    }

    Router router() {
        return router;
    }

    AnswerRules answers() {
        return answers;
    }

    BodyRules bodies() {
        return bodies;
    }

    LogLimit repeats() {
        return repeats;
    }

    /** Counts what a rate limiter or a plugin's restart refused. */
    void countRefusals(HttpException problem) {
        Throwable cause = UserCode.causeOf(problem);
        if (cause != null && ErrorMapping.unwrapped(cause) instanceof RateLimitExceededException refusal) {
            recorder.rateLimited(refusal.name());
        } else if (problem instanceof PluginAbsentException) {
            rejected(Rejection.PLUGIN_RESTARTING);
        } else if (problem instanceof UploadsFullException) {
            rejected(Rejection.MAX_UPLOAD_STORAGE);
        }
    }

    /** Whether more requests are in flight than the configuration allows. */
    boolean isOverLimit() {
        return inFlight.current() > config.maxInFlight();
    }

    /** Whether so many requests are being refused that no interceptors run for more. */
    boolean isFlooded() {
        return inFlight.current() - MAX_REFUSALS > config.maxInFlight();
    }

    /** The refusal of a request above the limit; counted. */
    HttpException tooManyRequests() {
        inFlight.recordRejection();
        return Refusal.unavailable("too many requests at a time");
    }

    FailureReporter failures() {
        return failures;
    }

    JsonCodec json() {
        return json;
    }

    /** Where spans and slow or failed requests go; null for nowhere. */
    @Nullable
    Tracing tracing() {
        return tracing;
    }

    /** What checks what is read from requests; null if nothing does. */
    @Nullable
    RequestValidator validator() {
        return validator;
    }

    /** The counts of this listener. */
    public Counts counts() {
        return counts;
    }

    RequestRecorder recorder() {
        return recorder;
    }

    /** The access log; null if there is none. */
    @Nullable
    AccessLog accessLog() {
        return accessLog;
    }

    void rejected(Rejection reason) {
        if (reason == Rejection.MAX_IN_FLIGHT) {
            counts.refusedRequests.increment();
        }
        recorder.rejected(reason);
    }

    void timedOut(RequestTimeLimit limit) {
        counts.timedOut.increment();
        recorder.timedOut(limit);
    }

    /** The proxies that are believed what they tell of their clients. */
    TrustedProxies proxies() {
        return proxies;
    }

    boolean hasTrustedPeers() {
        return !config.trustedPeers().isEmpty();
    }

    /** Whether the headers of that peer about its own time are obeyed. */
    boolean isTrusted(InetSocketAddress peer) {
        String address = peer.getHostString();
        return config.trustedPeers().stream().anyMatch(range -> range.contains(address));
    }

    /** Whether a request has too little time left for its route; counted. */
    boolean sheds(@Nullable Route route, TimeAllowance time) {
        if (shedder == null || route == null || !shedder.refuses(route, time.remaining(now()))) {
            return false;
        }
        rejected(Rejection.DEADLINE);
        return true;
    }

    /** The answer to a request began after {@code took} nanoseconds. */
    void answered(@Nullable Route route, long took) {
        if (shedder != null && route != null) {
            shedder.answered(route, took);
        }
    }

    Ticker ticker() {
        return ticker;
    }

    long requestTimeout() {
        return requestTimeout;
    }

    /** Whether a handler that runs for {@code nanos} is to be named: after the time of its requests, or the usual one. */
    boolean isLate(RouteTarget target, long nanos) {
        long most = target.timeLimit(requestTimeout);
        long usual = requestTimeout > 0 ? requestTimeout : DEFAULT_PATIENCE;
        return nanos > (most > 0 ? most : usual);
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
