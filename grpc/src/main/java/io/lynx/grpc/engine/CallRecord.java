package io.lynx.grpc.engine;

import io.grpc.Status;
import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.security.Principal;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of one call, for metrics, traces and the access log. For the event loop, unless a method says otherwise. */
final class CallRecord {
    private final RpcServer server;
    private final Stream stream;
    private final RequestScope scope;
    private final MessageWriter writer;

    /** How the call ends, once the service or the server has decided. */
    private volatile @Nullable Status decided;

    private Span span = Span.NONE;
    private @Nullable String advertised;
    private long endedAt;

    CallRecord(RpcServer server, Stream stream, RequestScope scope, MessageWriter writer) {
        this.server = server;
        this.stream = stream;
        this.scope = scope;
        this.writer = writer;
    }

    /** The method was found, or is not known. */
    void begin(@Nullable ServedMethod method) {
        Tracing tracing = server.tracing();
        if (tracing != null && tracing.isActive() && server.isMeasured()) {
            span = tracing.server(name(method), scope);
        }
    }

    private static String name(@Nullable ServedMethod method) {
        return method == null ? "gRPC" : method.name();
    }

    /** The answer tells which encodings are accepted. */
    void advertise(String encodings) {
        advertised = encodings;
    }

    void addAdvertised(List<String> fields) {
        String encodings = advertised;
        if (encodings != null) {
            fields.add(MessageCoding.ACCEPT_ENCODING);
            fields.add(encodings);
        }
    }

    /** The call will end with {@code status}, unless it is cut off before. Any thread. */
    void decided(Status status) {
        decided = status;
    }

    /** Whether how the call ends has been decided. Any thread. */
    boolean isDecided() {
        return decided != null;
    }

    /** Why the call failed, before its answer is sent. Any thread. */
    void failed(Throwable failure) {
        Tracing.failed(scope, failure);
    }

    /** Whether a callback that runs since the call has ended is to be named. */
    boolean isLate(long now) {
        return endedAt != 0 && now - endedAt > server.patience();
    }

    /**
     * The call has ended.
     *
     * @param cut what cut it off; null if its answer was sent
     */
    void ended(@Nullable ServedMethod method, @Nullable Status cut, CallTimeLimit time, long requestBytes) {
        long now = server.now();
        endedAt = now;
        Status.Code code = outcome(cut);
        long took = now - stream.startedAt();
        if (server.isLogged()) {
            log(method, code, took, requestBytes);
        }
        if (!server.isMeasured()) {
            return;
        }
        RpcMetrics metrics = server.metrics();
        boolean isSlow = method != null && !method.isLasting() && metrics.isSlow(took);
        trace(method, code, isSlow, took);
        if (isSlow) {
            metrics.slow();
            server.failures().slow(method, scope, took);
        }
        if (time.isOwn() && method != null) {
            metrics.deadlineUnused(method, time.unusedMillionths(took));
        }
        TraceContext trace = metrics.wantsTraces() ? scope.trace().orElse(null) : null;
        metrics.ended(method, code, took, requestBytes, writer.sent(), trace);
    }

    /** A client that goes away when the server has ended the call has the same reason as the server. */
    private Status.Code outcome(@Nullable Status cut) {
        Status known = decided;
        if (cut == null) {
            return known == null ? Status.Code.UNKNOWN : known.getCode();
        }
        return known == null || known.isOk() ? cut.getCode() : known.getCode();
    }

    private void trace(@Nullable ServedMethod method, Status.Code code, boolean isSlow, long took) {
        boolean isFault = FailureStatus.isFault(code);
        if (span.isTraced()) {
            describe(method, code);
        }
        String failure = Tracing.error(scope);
        span.end(!isFault ? "" : failure.isEmpty() ? code.name() : failure);
        Tracing tracing = server.tracing();
        if (tracing != null && method != null && (isSlow || isFault)) {
            tracing.keep(scope, name(method), FailureStatus.httpStatus(code), isSlow, stream.startedAt(), took);
        }
    }

    private void describe(@Nullable ServedMethod method, Status.Code code) {
        Head head = stream.head();
        span.attribute("rpc.system", "grpc");
        if (method != null) {
            int slash = method.name().lastIndexOf('/');
            span.attribute("rpc.service", method.name().substring(0, slash));
            span.attribute("rpc.method", method.name().substring(slash + 1));
        }
        span.attribute("rpc.grpc.status_code", code.value());
        span.attribute("server.address", stream.local().getHostString());
        span.attribute("server.port", stream.local().getPort());
        span.attribute("client.address", stream.peer().getHostString());
        span.attribute("network.protocol.version", head.protocol().toString().substring("HTTP/".length()));
    }

    private void log(@Nullable ServedMethod method, Status.Code code, long took, long requestBytes) {
        RpcLog log = server.log();
        if (log == null || !log.isEnabled()) {
            return;
        }
        String agent = stream.head().header("user-agent");
        log.write(new RpcLog.Entry(
                scope.requestId(),
                scope.trace().map(TraceContext::traceId).orElse(""),
                scope.principal().map(Principal::name).orElse(""),
                stream.peer().getHostString(),
                stream.head().target(),
                method == null ? "" : method.name(),
                code.name(),
                requestBytes,
                writer.sent(),
                took,
                agent == null ? "" : agent));
    }
}
