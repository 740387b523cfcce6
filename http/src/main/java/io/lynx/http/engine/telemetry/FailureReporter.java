package io.lynx.http.engine.telemetry;

import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.engine.problem.ErrorMapping;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.http.engine.routing.Route;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.resilience.CallRejectedException;
import io.lynx.transport.LogLimit;
import io.lynx.transport.LogThread;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs the exceptions of handlers that the server answers with 5xx, and records them as errors of the plugins that own the
 * routes. An error has the method, the route's template and the request's id, but never the path or the query, which the client
 * chooses. A log line never holds up an event loop. Thread-safe.
 */
public final class FailureReporter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int FRAMES = 12;

    private final String server;
    private final @Nullable ErrorRecoveryManager recovery;

    /**
     * A reporter.
     *
     * @param server the id of the plugin that owns the server's own routes
     * @param recovery records the errors; null if they are not recorded
     */
    public FailureReporter(String server, @Nullable ErrorRecoveryManager recovery) {
        this.server = server;
        this.recovery = recovery;
    }

    /**
     * Reports that a handler has thrown {@code failure}, which was answered with {@code status}.
     *
     * @param repeats limits the log lines
     */
    public void failed(
            @Nullable Route route,
            Request request,
            RequestContext context,
            Throwable failure,
            int status,
            LogLimit repeats) {
        Throwable thrown = ErrorMapping.unwrapped(failure);
        boolean isOwnAnswer = thrown instanceof HttpException;
        if (thrown instanceof Refusal || (isOwnAnswer && status < 500)) {
            return;
        }
        boolean _ = UserCode.run(
                () -> record(route, request.method(), context.requestId(), failure), unrecorded -> LOG.atWarn()
                        .setCause(UserCode.loggable(unrecorded))
                        .log("Failed request could not be recorded"));
        if (isUnexpected(failure)) {
            log(isOwnAnswer ? Level.WARN : Level.ERROR, route, request, context, failure, repeats);
        }
    }

    /** Reports that an answer could not be written and was replaced by a 500. */
    public void unusable(
            @Nullable Route route, Request request, RequestContext context, Throwable reason, LogLimit repeats) {
        log(Level.ERROR, route, request, context, reason, repeats);
    }

    /** Logs that the time of a request was over before its handler answered, and what that handler is doing. */
    public void overdue(
            @Nullable Route route,
            Request request,
            RequestContext context,
            StackTraceElement[] stack,
            LogLimit repeats) {
        running(
                "overdue",
                "Request exceeded its time and was answered with 503; its handler is still running",
                route,
                request,
                context,
                stack,
                repeats);
    }

    /** Logs that the handler of a request without a time limit has not answered for long, and what it is doing. */
    public void unanswered(
            @Nullable Route route,
            Request request,
            RequestContext context,
            StackTraceElement[] stack,
            LogLimit repeats) {
        running(
                "unanswered",
                "Request has no time limit, and its handler has not answered yet; it is still running",
                route,
                request,
                context,
                stack,
                repeats);
    }

    /** Logs that the handler of a request that has ended exceeds the time of the request, and what it is doing. */
    public void unfinished(
            @Nullable Route route,
            Request request,
            RequestContext context,
            StackTraceElement[] stack,
            LogLimit repeats) {
        running(
                "unfinished",
                "Request has ended, but its handler is still running; the request counts as in flight until it returns",
                route,
                request,
                context,
                stack,
                repeats);
    }

    /** Logs that the drain callback of a long-lived answer has not returned when that answer was ended. */
    public void callbackHangs(
            @Nullable Route route,
            Request request,
            RequestContext context,
            StackTraceElement[] stack,
            LogLimit repeats) {
        running(
                "callback",
                "Drain callback of a long-lived answer has not returned in its time; the answer was ended without it",
                route,
                request,
                context,
                stack,
                repeats);
    }

    private void running(
            String kind,
            String message,
            @Nullable Route route,
            Request request,
            RequestContext context,
            StackTraceElement[] stack,
            LogLimit repeats) {
        String place = place(route);
        long suppressed = repeats.acquire(place + " " + kind);
        if (suppressed >= 0) {
            String method = request.method();
            write(context, () -> LOG.atWarn()
                    .addKeyValue("request_id", context.requestId())
                    .addKeyValue("method", method)
                    .addKeyValue("route", place)
                    .addKeyValue("suppressed", suppressed)
                    .addKeyValue("stack", Arrays.stream(stack).limit(FRAMES).toList())
                    .log(message));
        }
    }

    /** Logs that the answer to a request began late. */
    public void slow(Route route, RequestContext context, long beganNanos, LogLimit repeats) {
        String place = place(route);
        long suppressed = repeats.acquire(place + " slow");
        if (suppressed >= 0) {
            write(context, () -> LOG.atInfo()
                    .addKeyValue("request_id", context.requestId())
                    .addKeyValue("method", route.method())
                    .addKeyValue("route", place)
                    .addKeyValue("ms", beganNanos / 1_000_000)
                    .addKeyValue("suppressed", suppressed)
                    .log("Slow request"));
        }
    }

    /** Writes a line about a request with its trace, on whatever thread. */
    private static void write(RequestContext context, Runnable line) {
        LogThread.write(() -> context.run(line));
    }

    private static String place(@Nullable Route route) {
        return route == null ? "unmatched" : route.template().text();
    }

    private void log(
            Level level,
            @Nullable Route route,
            Request request,
            RequestContext context,
            Throwable failure,
            LogLimit repeats) {
        String place = place(route);
        long suppressed = repeats.acquire(place + " " + failure.getClass().getName());
        if (suppressed < 0) {
            return;
        }
        String method = request.method();
        write(context, () -> LOG.atLevel(level)
                .addKeyValue("request_id", context.requestId())
                .addKeyValue("method", method)
                .addKeyValue("route", place)
                .addKeyValue("suppressed", suppressed)
                .setCause(UserCode.loggable(failure))
                .log("Request failed"));
    }

    /** Errors of requests that no route answers are not recorded: no plugin owns them. */
    private void record(@Nullable Route route, String method, String requestId, Throwable thrown) {
        if (recovery == null || route == null) {
            return;
        }
        Throwable refusal = ErrorMapping.refusalIn(thrown);
        Throwable cause = refusal == null && ErrorMapping.unwrapped(thrown) instanceof HttpException answer
                ? UserCode.causeOf(answer)
                : refusal;
        recovery.recordError(ErrorReport.builder(route.owner().isEmpty() ? server : route.owner())
                .origin(ErrorOrigin.request())
                .throwable(cause == null ? thrown : cause)
                .context(Map.of(
                        "method", method,
                        "route", route.template().text(),
                        "request_id", requestId))
                .build());
    }

    /** Whether a failure is logged: neither an answer that the handler chose nor the refusal by a policy is. */
    private static boolean isUnexpected(Throwable thrown) {
        return switch (ErrorMapping.unwrapped(thrown)) {
            case CallRejectedException _ -> false;
            case HttpException answer -> {
                Throwable cause = UserCode.causeOf(answer);
                yield cause != null && isUnexpected(cause);
            }
            default -> ErrorMapping.refusalIn(thrown) == null;
        };
    }
}
