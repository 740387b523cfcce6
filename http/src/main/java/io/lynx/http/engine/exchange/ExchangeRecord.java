package io.lynx.http.engine.exchange;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.TraceContext;
import io.lynx.http.HttpException;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.body.BodyReader;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.http.engine.telemetry.AccessEntry;
import io.lynx.http.engine.telemetry.AccessLog;
import io.lynx.http.engine.telemetry.EndStatus;
import io.lynx.http.engine.telemetry.RequestRecorder;
import io.lynx.http.engine.telemetry.RequestTrace;
import io.lynx.security.Principal;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import org.jspecify.annotations.Nullable;

/** The times and the outcome of one exchange. For the event loop, unless a method says otherwise. */
final class ExchangeRecord extends TimeAllowance {
    private final Head head;
    private final AnswerWriter answer;
    private volatile int aborted;
    private boolean isRefused;

    @GuardedBy("this")
    private boolean isExceeded;
    /** The age of the request, in milliseconds, when the first check found it ended; negative before. */
    private int endedAtAge = -1;

    private Span span = Span.NONE;

    ExchangeRecord(ServerContext server, Stream stream, AnswerWriter answer) {
        super(server, stream.startedAt());
        this.head = stream.head();
        this.answer = answer;
    }

    /** Begins the span of the request if a tracer is installed. */
    void trace(RouteTarget target, Stream stream, RequestScope context) {
        span = RequestTrace.begin(server.tracing(), target, stream, context);
    }

    long startedAt() {
        return startedAt;
    }

    /** The request is refused before its handler runs. */
    void refused() {
        isRefused = true;
    }

    /** Returns what refuses a request that cannot be answered in its time any more, which is counted; null if nothing does. */
    @Nullable
    HttpException refusal(@Nullable Route route) {
        if (server.sheds(route, this)) {
            return Refusal.unavailable("less time is left than the answer usually takes");
        }
        if (isOwn() && isOver(server.now())) {
            timedOut(RequestTimeLimit.REQUEST, server.now(), route);
            return RequestTimeLimit.REQUEST.refusal();
        }
        return null;
    }

    /** Returns the time limit that the exchange exceeds at {@code now}; null if it does not exceed any. */
    @Nullable
    RequestTimeLimit exceeded(long now, @Nullable BodyReader reader, boolean isDispatched) {
        long stall = server.stallTimeout();
        if (answer.isClaimed()) {
            return answer.isStalled(now, stall) ? RequestTimeLimit.ANSWER : null;
        }
        boolean isExpired = isOver(now);
        if (reader != null && reader.isNeeded(isDispatched)) {
            return isExpired || reader.isStalled(now, stall) ? RequestTimeLimit.BODY : null;
        }
        return isExpired ? RequestTimeLimit.REQUEST : null;
    }

    /** Counts a time limit that was exceeded. */
    void timedOut(RequestTimeLimit limit, long now, @Nullable Route route) {
        server.timedOut(limit);
        if (limit != RequestTimeLimit.ANSWER && isOver(now)) {
            deadlineExceeded(route);
        }
    }

    /** Counts that the time is over, once, though the event loop and the handler may both notice it. Called on any thread. */
    synchronized void deadlineExceeded(@Nullable Route route) {
        if (!isExceeded) {
            isExceeded = true;
            server.recorder().deadlineExceeded(route);
        }
    }

    /** Whether a handler is to be named that still runs although the request has ended; called from its end on. */
    boolean isLate(long now, RouteTarget target) {
        long age = now - startedAt;
        if (endedAtAge < 0) {
            endedAtAge = Math.clamp(age / 1_000_000, 0, Integer.MAX_VALUE);
        }
        return server.isLate(target, age - endedAtAge * 1_000_000L);
    }

    /** Cuts off an answer that cannot be completed, so that the client sees that it is incomplete. Any thread. */
    void abort(Stream stream, int status) {
        aborted = status;
        stream.abort();
    }

    /** Whether the connection has switched to another protocol, which was the answer. */
    private boolean isSwitched() {
        return answer.status() == EndStatus.SWITCHED;
    }

    void ended(
            StreamEnd end,
            RouteTarget target,
            Stream stream,
            @Nullable BodyReader reader,
            RequestScope context,
            ServerRequest request) {
        int outcome = outcome(end);
        long now = server.now();
        long began = answer.begunAt(now) - startedAt;
        Route route = target.route();
        if (!isRefused) {
            server.answered(route, began);
        }
        if (target.chain().isLogged()) {
            log(outcome, now, began, reader, context, request);
        }
        if (!target.chain().isMeasured()) {
            return;
        }
        RequestRecorder recorder = server.recorder();
        boolean isSlow = recorder.isSlow(began);
        RequestTrace.end(route, stream, request, context, span, outcome);
        if (!isRefused && (isSlow || outcome >= RequestTrace.FAILED)) {
            RequestTrace.keep(server.tracing(), route, head, context, outcome, isSlow, startedAt, now);
        }
        boolean isReadable = head.defect() == null;
        if (route != null && isSlow) {
            server.failures().slow(route, context, began, server.repeats());
        }
        if (isOwn()) {
            recorder.deadlineUnused(route, unusedMillionths(began));
        }
        recorder.ended(
                route,
                isReadable ? head.method() : "",
                outcome,
                began,
                isSwitched() ? began : now - startedAt,
                reader == null ? answer.received() : reader.size(),
                answer.sent(),
                recorder.wantsTraces() && isReadable ? context.trace().orElse(null) : null);
    }

    private void log(
            int outcome,
            long now,
            long began,
            @Nullable BodyReader reader,
            RequestScope context,
            ServerRequest request) {
        AccessLog log = server.accessLog();
        if (log == null || !log.isEnabled()) {
            return;
        }
        boolean isReadable = head.defect() == null;
        log.write(new AccessEntry(
                log.clock().instant(),
                context.requestId(),
                isReadable ? context.trace().map(TraceContext::traceId).orElse("") : "",
                context.principal().map(Principal::name).orElse(""),
                request.remoteAddress().getHostString(),
                isReadable ? head.method() : "",
                isReadable ? request.path() : "",
                request.route().orElse(""),
                request.protocol(),
                isReadable ? request.header("user-agent").orElse("") : "",
                outcome,
                reader == null ? answer.received() : reader.size(),
                answer.sent(),
                began,
                now - startedAt));
    }

    private int outcome(StreamEnd end) {
        if (isSwitched() && (aborted == 0 || aborted == EndStatus.CLIENT_GONE)) {
            // How the other protocol ended is not a matter of HTTP.
            return EndStatus.SWITCHED;
        }
        return switch (end) {
            case ANSWERED -> aborted == 0 ? answer.status() : aborted;
            case CLIENT_GONE -> {
                server.counts().abandoned.increment();
                yield EndStatus.CLIENT_GONE;
            }
            case MALFORMED -> {
                server.counts().abandoned.increment();
                server.rejected(Rejection.MALFORMED);
                yield 400;
            }
            case ABORTED -> aborted == 0 ? EndStatus.CLIENT_GONE : aborted;
            case CUT_OFF -> EndStatus.CUT_OFF;
            case DRAINED -> answer.status() == 0 ? EndStatus.CUT_OFF : answer.status();
        };
    }
}
