package io.lynx.http.engine;

import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.Tracing;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request, with the attributes of OpenTelemetry's semantic conventions for HTTP servers, and the note of a request
 * that was slow or failed. Without a tracer, nothing is made for a request. Stateless.
 */
final class RequestTrace {
    private static final int FAILED = 500;
    private static final String HTTP = "HTTP/";
    private static final int LONGEST_TEXT = 500;

    private RequestTrace() {}

    /** Begins the span of a request that is measured. */
    static Span begin(ServerContext server, RouteTarget target, Stream stream, RequestScope context) {
        Tracing tracing = server.tracing();
        if (tracing == null || !tracing.isActive() || !target.chain().isMeasured()) {
            return Span.NONE;
        }
        return tracing.server(name(target.route(), stream.head()), context);
    }

    private static String name(@Nullable Route route, Head head) {
        String method = RequestMetrics.isKnown(head.method()) ? head.method() : "HTTP";
        return route == null ? method : method + " " + route.template().text();
    }

    /** Ends the span and keeps the request if it was slow or failed. */
    static void end(
            ServerContext server,
            @Nullable Route route,
            Stream stream,
            RequestScope context,
            Span span,
            int status,
            boolean isKept,
            boolean isSlow,
            long startedAt,
            long now) {
        Tracing tracing = server.tracing();
        if (tracing == null) {
            return;
        }
        if (span.isTraced()) {
            describe(span, route, stream, status);
        }
        String error = status < FAILED ? "" : Tracing.error(context);
        span.end(status >= FAILED && error.isEmpty() ? Integer.toString(status) : error);
        if (isKept && (isSlow || status >= FAILED)) {
            tracing.keep(context, name(route, stream.head()), status, isSlow, startedAt, now - startedAt);
        }
    }

    private static void describe(Span span, @Nullable Route route, Stream stream, int status) {
        Head head = stream.head();
        boolean isKnown = RequestMetrics.isKnown(head.method());
        span.attribute("http.request.method", isKnown ? head.method() : "_OTHER");
        if (!isKnown) {
            span.attribute("http.request.method_original", cut(head.method()));
        }
        span.attribute("url.path", cut(Target.path(head.target())));
        span.attribute("url.scheme", head.isSecure() ? "https" : "http");
        if (route != null) {
            span.attribute("http.route", route.template().text());
        }
        span.attribute("http.response.status_code", status);
        span.attribute("server.address", stream.local().getHostString());
        span.attribute("server.port", stream.local().getPort());
        span.attribute("client.address", stream.peer().getHostString());
        span.attribute("network.protocol.version", head.protocol().toString().substring(HTTP.length()));
        String agent = head.header("user-agent");
        if (agent != null) {
            span.attribute("user_agent.original", cut(agent));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
