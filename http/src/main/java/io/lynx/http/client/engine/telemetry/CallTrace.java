package io.lynx.http.client.engine.telemetry;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.engine.call.OutgoingRequest;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the spans of one client: one for each call, and inside it one for each attempt, which is the span that the server
 * receives as its parent. Those of attempts have the attributes of OpenTelemetry's semantic conventions for HTTP clients. The span
 * of a streamed answer ends with its head. Immutable and thread-safe.
 */
public final class CallTrace {
    private static final String TRACEPARENT = "traceparent";
    private static final int FIRST_ERROR = 400;
    private static final int LONGEST_TEXT = 500;

    private final @Nullable Tracing tracing;
    private final ClientTarget target;
    private final String callName;
    private final int port;

    public CallTrace(@Nullable Tracing tracing, String client, ClientTarget target) {
        this.tracing = tracing;
        this.target = target;
        this.callName = "call " + client;
        this.port = target.port();
    }

    /** Begins the span of a call that {@code outer} makes. */
    public Span call(RequestContext outer) {
        return tracing == null ? Span.NONE : tracing.begin(SpanKind.INTERNAL, callName, outer);
    }

    /**
     * Begins the span of an attempt of a call.
     *
     * @param call the context inside the span of the call
     * @param resent how many attempts of the same call came before
     */
    public Span attempt(OutgoingRequest request, RequestContext call, InetSocketAddress server, int resent) {
        if (tracing == null || !tracing.isInSpan(call)) {
            return Span.NONE;
        }
        Span attempt = tracing.begin(SpanKind.CLIENT, request.subject(), call);
        if (attempt.isTraced()) {
            describe(attempt, request, server, resent);
        }
        return attempt;
    }

    /** Returns the call with the span of the attempt as the parent of the server's, unless the caller has set another parent. */
    public OutgoingRequest inside(Span attempt, OutgoingRequest request, RequestContext call) {
        if (tracing == null || !tracing.isActive()) {
            return request;
        }
        TraceContext outer = call.trace().orElse(null);
        TraceContext inner = attempt.in(call).trace().orElse(null);
        if (outer == null || inner == null || inner.equals(outer)) {
            return request;
        }
        String replaced = outer.traceparent();
        List<String> headers = request.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(TRACEPARENT) && headers.get(i + 1).equals(replaced)) {
                List<String> changed = new ArrayList<>(headers);
                String _ = changed.set(i + 1, inner.traceparent());
                return request.withHeaders(changed);
            }
        }
        return request;
    }

    /** The query is left out, as it may hold what a trace must not. */
    private void describe(Span attempt, OutgoingRequest request, InetSocketAddress server, int resent) {
        attempt.attribute("http.request.method", request.method());
        attempt.attribute("url.template", request.template());
        attempt.attribute("url.full", url(request));
        attempt.attribute("server.address", target.serverName());
        attempt.attribute("server.port", port);
        attempt.attribute("network.peer.address", server.getAddress().getHostAddress());
        attempt.attribute("network.peer.port", server.getPort());
        if (resent > 0) {
            attempt.attribute("http.request.resend_count", resent);
        }
    }

    private String url(OutgoingRequest request) {
        int query = request.target().indexOf('?');
        String path = query < 0 ? request.target() : request.target().substring(0, query);
        String url = target.scheme() + "://" + target.authority() + path;
        return url.length() <= LONGEST_TEXT ? url : url.substring(0, LONGEST_TEXT);
    }

    /** Ends the span of a call or an attempt that was answered. */
    public static void answered(Span span, int status) {
        if (span.isTraced()) {
            span.attribute("http.response.status_code", status);
        }
        span.end(status < FIRST_ERROR ? "" : Integer.toString(status));
    }

    /** Ends the span of a call or an attempt that was not answered. */
    public static void failed(Span span, Throwable failure) {
        if (failure instanceof HttpCallException call) {
            span.end(call.reason().name().toLowerCase(Locale.ROOT));
        } else {
            span.end(failure);
        }
    }
}
