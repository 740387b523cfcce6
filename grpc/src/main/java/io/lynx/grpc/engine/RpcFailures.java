package io.lynx.grpc.engine;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.grpc.GrpcServer;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.resilience.CallRejectedException;
import io.lynx.transport.LogLimit;
import io.lynx.transport.LogThread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the exceptions of services that the server answers, and records them as errors of the plugins that own the services. A log line
 * never holds up an event loop. Thread-safe.
 */
public final class RpcFailures {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final int FRAMES = 12;

    private final String server;
    private final @Nullable ErrorRecoveryManager recovery;
    private final LogLimit repeats;

    /**
     * A reporter.
     *
     * @param server the id of the plugin that owns the server's own services
     * @param recovery records the errors; null if they are not recorded
     */
    public RpcFailures(String server, @Nullable ErrorRecoveryManager recovery, LogLimit repeats) {
        this.server = server;
        this.recovery = recovery;
        this.repeats = repeats;
    }

    /** A call was answered with {@code status} because of {@code failure}. */
    void failed(@Nullable ServedMethod method, RequestContext context, Throwable failure, Status status) {
        if (method == null || status.getCode() == Status.Code.UNIMPLEMENTED) {
            return;
        }
        boolean _ = UserCode.run(
                () -> record(method, context.requestId(), failure),
                thrown -> LOG.atWarn().setCause(UserCode.loggable(thrown)).log("Failed call could not be recorded"));
        if (!(failure instanceof CallRejectedException)) {
            boolean isOwnAnswer = failure instanceof StatusRuntimeException || failure instanceof StatusException;
            log(isOwnAnswer ? Level.WARN : Level.ERROR, "Call failed", method, context, failure);
        }
    }

    private void record(ServedMethod method, String requestId, Throwable failure) {
        if (recovery != null) {
            recovery.recordError(ErrorReport.builder(method.owner().isEmpty() ? server : method.owner())
                    .origin(ErrorOrigin.request())
                    .throwable(failure)
                    .context(Map.of("method", method.name(), "request_id", requestId))
                    .build());
        }
    }

    /** The server itself failed to begin a call. */
    void broken(@Nullable ServedMethod method, RequestContext context, Throwable failure) {
        log(Level.ERROR, "Call could not be begun", method, context, failure);
    }

    /** A callback for the end of a call has thrown. */
    void callbackFailed(@Nullable ServedMethod method, RequestContext context, Throwable failure) {
        log(Level.WARN, "Callback for the end of a call failed", method, context, failure);
    }

    /** An action for the drain has thrown. */
    void drainFailed(@Nullable ServedMethod method, RequestContext context, Throwable failure) {
        log(
                Level.WARN,
                "Drain callback of a streaming call failed; the call is ended in its time",
                method,
                context,
                failure);
    }

    private void log(
            Level level, String message, @Nullable ServedMethod method, RequestContext context, Throwable failure) {
        String place = place(method);
        long suppressed = repeats.acquire(place + " " + failure.getClass().getName());
        if (suppressed >= 0) {
            write(context, () -> about(level, place, context, suppressed)
                    .setCause(UserCode.loggable(failure))
                    .log(message));
        }
    }

    /** The time of a call is over, and its callback still runs. */
    void overdue(@Nullable ServedMethod method, RequestContext context, StackTraceElement[] stack) {
        running(
                "overdue",
                "Call exceeded its time and was ended; its service is still running",
                method,
                context,
                stack);
    }

    /** A call has ended, and a callback still runs. */
    void unfinished(@Nullable ServedMethod method, RequestContext context, StackTraceElement[] stack) {
        running(
                "unfinished",
                "Call has ended, but its service is still running; the call counts as in flight until it returns",
                method,
                context,
                stack);
    }

    private void running(
            String kind,
            String message,
            @Nullable ServedMethod method,
            RequestContext context,
            StackTraceElement[] stack) {
        String place = place(method);
        long suppressed = repeats.acquire(place + " " + kind);
        if (suppressed >= 0) {
            List<StackTraceElement> top = Arrays.stream(stack).limit(FRAMES).toList();
            write(context, () -> about(Level.WARN, place, context, suppressed)
                    .addKeyValue("stack", top)
                    .log(message));
        }
    }

    /** A unary call took long. */
    void slow(@Nullable ServedMethod method, RequestContext context, long nanos) {
        String place = place(method);
        long suppressed = repeats.acquire(place + " slow");
        if (suppressed >= 0) {
            write(context, () -> about(Level.INFO, place, context, suppressed)
                    .addKeyValue("ms", nanos / 1_000_000)
                    .log("Slow call"));
        }
    }

    private static LoggingEventBuilder about(Level level, String place, RequestContext context, long suppressed) {
        return LOG.atLevel(level)
                .addKeyValue("request_id", context.requestId())
                .addKeyValue("method", place)
                .addKeyValue("suppressed", suppressed);
    }

    private static void write(RequestContext context, Runnable line) {
        LogThread.write(() -> context.run(line));
    }

    private static String place(@Nullable ServedMethod method) {
        return method == null ? RpcMetrics.UNMATCHED : method.name();
    }
}
