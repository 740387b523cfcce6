package io.lynx.grpc.client.engine;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.http.client.service.ServiceConnections;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the spans of one client: one for each call, and inside it one for each attempt, which is the span that the server
 * receives as its parent. Those of attempts have the attributes of OpenTelemetry's semantic conventions for RPC. Immutable and
 * thread-safe.
 */
final class RpcTrace {
    private final @Nullable Tracing tracing;
    private final String callName;
    private final String serverName;
    private final int serverPort;

    RpcTrace(String client, ServiceConnections service) {
        this.tracing = service.tracing();
        this.callName = "call " + client;
        this.serverName = service.serverName();
        this.serverPort = service.serverPort();
    }

    Span call(RequestContext outer) {
        return tracing == null ? Span.NONE : tracing.begin(SpanKind.INTERNAL, callName, outer);
    }

    /**
     * Begins the span of an attempt.
     *
     * @param call the context inside the span of the call
     * @param resent how many attempts of the same call came before
     */
    Span attempt(MethodDescriptor<?, ?> method, RequestContext call, InetSocketAddress server, int resent) {
        if (tracing == null || !tracing.isInSpan(call)) {
            return Span.NONE;
        }
        Span attempt = tracing.begin(SpanKind.CLIENT, method.getFullMethodName(), call);
        if (attempt.isTraced()) {
            attempt.attribute("rpc.system", "grpc");
            String service = method.getServiceName();
            String name = method.getBareMethodName();
            attempt.attribute("rpc.service", service == null ? "" : service);
            attempt.attribute("rpc.method", name == null ? "" : name);
            attempt.attribute("server.address", serverName);
            attempt.attribute("server.port", serverPort);
            attempt.attribute("network.peer.address", server.getAddress().getHostAddress());
            attempt.attribute("network.peer.port", server.getPort());
            if (resent > 0) {
                attempt.attribute("rpc.grpc.resend_count", resent);
            }
        }
        return attempt;
    }

    /** Ends the span of a call or an attempt. */
    static void ended(Span span, Status status) {
        if (span.isTraced()) {
            span.attribute("rpc.grpc.status_code", status.getCode().value());
        }
        span.end(status.isOk() ? "" : status.getCode().name());
    }
}
