package io.lynx.grpc.engine;

import io.lynx.context.Tracing;
import io.lynx.grpc.CallInterceptors;
import io.lynx.grpc.GrpcConfig;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.time.Ticker;
import io.lynx.transport.Listener;
import io.lynx.transport.LogLimit;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the calls of one server share. Thread-safe. */
public final class RpcServer {
    /** The description of UNAVAILABLE while a plugin is being restarted. */
    static final String RESTARTING = "this part of the service is being restarted";

    static final Duration RESTART_TIME = Duration.ofSeconds(1);

    // Why calls are refused and which limits they exceed, as in the metrics of HTTP.
    static final String MAX_IN_FLIGHT = "max_in_flight";
    static final String MAX_LONG_LIVED = "max_long_lived";
    static final String MAX_MESSAGE_SIZE = "max_message_size";
    static final String MALFORMED = "malformed";
    static final String PLUGIN_RESTARTING = "plugin_restarting";
    static final String REQUEST = "request";
    static final String RESPONSE = "response";

    private static final long DEFAULT_PATIENCE = Duration.ofMinutes(1).toNanos();

    private final GrpcConfig config;
    private final ServiceList services;
    private final Ticker ticker;
    private final InFlight inFlight;
    private final RpcMetrics metrics;
    private final RpcFailures failures;
    private final ErrorClassifier classifier;
    private final @Nullable Tracing tracing;
    private final @Nullable RpcLog log;
    private final InboundMemory memory = new InboundMemory();
    private final ContextTicker contextTicker;
    private final String idPrefix = Long.toString(ThreadLocalRandom.current().nextLong() >>> 16, 36);
    private final AtomicLong numbers = new AtomicLong();
    private final long requestTimeout;
    private final long stallTimeout;
    private final boolean limitsInFlight;
    private final boolean bindsContext;
    private final boolean isMeasured;
    private final boolean hasDeadlines;

    /**
     * What calls share.
     *
     * @param log where calls are written; null for nowhere
     */
    public RpcServer(
            PluginContext context,
            GrpcConfig config,
            ServiceList services,
            Listener listener,
            InterceptorPlan plan,
            RpcMetrics metrics,
            @Nullable RpcLog log) {
        ErrorRecoveryManager recovery =
                context.findResource(ErrorRecoveryManager.KEY).orElse(null);
        this.config = config;
        this.services = services;
        this.ticker = context.ticker();
        this.inFlight = listener.inFlight();
        this.metrics = metrics;
        this.failures = new RpcFailures(context.id(), recovery, new LogLimit(ticker));
        this.classifier = recovery == null ? ErrorClassifier.standard() : recovery.classifier();
        this.tracing = context.findResource(Tracing.KEY).orElse(null);
        this.log = plan.hasBuiltIn(CallInterceptors.ACCESS_LOG) ? log : null;
        this.contextTicker = new ContextTicker(ticker);
        this.requestTimeout = nanos(config.requestTimeout());
        this.stallTimeout = nanos(config.stallTimeout());
        this.limitsInFlight = plan.hasBuiltIn(CallInterceptors.IN_FLIGHT_LIMIT);
        this.bindsContext = plan.hasBuiltIn(CallInterceptors.REQUEST_CONTEXT);
        this.isMeasured = plan.hasBuiltIn(CallInterceptors.METRICS);
        this.hasDeadlines = plan.hasBuiltIn(CallInterceptors.DEADLINE);
    }

    /** The clock of gRPC's deadlines. */
    private static final class ContextTicker extends io.grpc.Deadline.Ticker {
        private final Ticker ticker;

        ContextTicker(Ticker ticker) {
            this.ticker = ticker;
        }

        @Override
        public long nanoTime() {
            return ticker.nanos();
        }
    }

    /** Saturates at 292 years. */
    public static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    GrpcConfig config() {
        return config;
    }

    /** The method of a path, whose plugin has accepted the call then; null if there is none. */
    @Nullable
    ServedMethod accept(String path) {
        while (true) {
            MethodTable table = services.table();
            ServedMethod method = table.find(path);
            AcceptedCalls accepted = method == null ? null : method.accepted();
            if (accepted == null) {
                return method;
            }
            accepted.begin();
            if (table.equals(services.table())) {
                return method;
            }
            // Its plugin may have stopped in between.
            accepted.withdraw();
        }
    }

    /** Whether a path for which there was no method a moment ago is that of a plugin that restarts. */
    boolean hasRestarted(String path) {
        return services.table().hasRestarted(path);
    }

    boolean hasService(String path) {
        return services.table().hasService(path);
    }

    /** Whether more calls are in flight than the configuration allows; counted. */
    boolean isOverLimit() {
        if (limitsInFlight && inFlight.current() > config.maxInFlight()) {
            inFlight.recordRejection();
            return true;
        }
        return false;
    }

    FailureStatus statusOf(Throwable failure, boolean isOver) {
        return FailureStatus.of(failure, classifier, isOver);
    }

    RpcFailures failures() {
        return failures;
    }

    RpcMetrics metrics() {
        return metrics;
    }

    void rejected(String reason) {
        metrics.rejected(reason);
    }

    void timedOut(String limit) {
        metrics.timedOut(limit);
    }

    @Nullable
    Tracing tracing() {
        return tracing;
    }

    @Nullable
    RpcLog log() {
        return log;
    }

    InboundMemory memory() {
        return memory;
    }

    boolean bindsContext() {
        return bindsContext;
    }

    boolean isMeasured() {
        return isMeasured;
    }

    boolean isLogged() {
        return log != null;
    }

    boolean hasDeadlines() {
        return hasDeadlines;
    }

    Ticker ticker() {
        return ticker;
    }

    io.grpc.Deadline.Ticker contextTicker() {
        return contextTicker;
    }

    long now() {
        return ticker.nanos();
    }

    long requestTimeout() {
        return requestTimeout;
    }

    long stallTimeout() {
        return stallTimeout;
    }

    /** How long a callback may run after the end of its call before it is named. */
    long patience() {
        return requestTimeout > 0 ? requestTimeout : DEFAULT_PATIENCE;
    }

    String newRequestId() {
        return idPrefix + "-" + Long.toString(numbers.incrementAndGet(), 36);
    }
}
