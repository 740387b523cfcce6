package io.lynx.http.engine.telemetry;

import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.Tracing;
import io.lynx.http.Request;
import io.lynx.http.engine.head.Target;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request, with the attributes of OpenTelemetry's semantic conventions for HTTP servers, and the note of a request
 * that was slow or failed. Without a tracer, a request costs no object. Stateless.
 */
public final class RequestTrace {
    /** The first status that counts as a failure. */
    public static final int FAILED = 500;

    private static final String HTTP = "HTTP/";
    private static final int LONGEST_TEXT = 500;

    private RequestTrace() {}

    /** Begins the span of a request that is measured, so probes have none. */
    public static Span begin(@Nullable Tracing tracing, RouteTarget target, Stream stream, RequestScope context) {
        if (tracing == null || !tracing.isActive() || !target.chain().isMeasured()) {
            return Span.NONE;
        }
        return tracing.server(name(target.route(), stream.head()), context);
    }

    private static String name(@Nullable Route route, Head head) {
        String method = RequestMetrics.isKnown(head.method()) ? head.method() : "HTTP";
        return route == null ? method : method + " " + route.template().text();
    }

    /** Ends the span. */
    public static void end(
            @Nullable Route route, Stream stream, Request request, RequestScope context, Span span, int status) {
        if (span.isTraced()) {
            describe(span, route, stream, request, status);
        }
        span.end(error(context, status));
    }

    /** A client that goes away has no effect on whether the service works, but there is no answer whose status would tell. */
    private static String error(RequestScope context, int status) {
        if (status == EndStatus.CLIENT_GONE) {
            return "client_gone";
        }
        if (status < FAILED) {
            return "";
        }
        String failure = Tracing.error(context);
        return failure.isEmpty() ? Integer.toString(status) : failure;
    }

    /** Keeps a request that was slow or failed among the most recent ones. */
    public static void keep(
            @Nullable Tracing tracing,
            @Nullable Route route,
            Head head,
            RequestScope context,
            int status,
            boolean isSlow,
            long startedAt,
            long now) {
        if (tracing != null) {
            tracing.keep(context, name(route, head), status, isSlow, startedAt, now - startedAt);
        }
    }

    private static void describe(Span span, @Nullable Route route, Stream stream, Request request, int status) {
        Head head = stream.head();
        boolean isKnown = RequestMetrics.isKnown(head.method());
        span.attribute("http.request.method", isKnown ? head.method() : "_OTHER");
        if (!isKnown) {
            span.attribute("http.request.method_original", cut(head.method()));
        }
        span.attribute("url.path", cut(Target.path(head.target())));
        span.attribute("url.scheme", request.scheme());
        if (route != null) {
            span.attribute("http.route", route.template().text());
        }
        if (status != EndStatus.CLIENT_GONE) {
            span.attribute("http.response.status_code", status);
        }
        server(span, head, stream, request);
        span.attribute("client.address", request.remoteAddress().getHostString());
        if (request.isForwarded()) {
            span.attribute("network.peer.address", request.peerAddress().getHostString());
        }
        span.attribute("network.protocol.version", head.protocol().toString().substring(HTTP.length()));
        String agent = head.header("user-agent");
        if (agent != null) {
            span.attribute("user_agent.original", cut(agent));
        }
    }

    /** Adds the host and port that the client named, or those of the connection if it named none. */
    private static void server(Span span, Head head, Stream stream, Request request) {
        String told = request.host().orElse(null);
        String authority = told == null ? head.header("host") : told;
        if (authority == null || authority.isEmpty()) {
            span.attribute("server.address", stream.local().getHostString());
            span.attribute("server.port", stream.local().getPort());
            return;
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        boolean hasBrackets = host.length() > 2 && host.charAt(0) == '[' && host.endsWith("]");
        span.attribute("server.address", cut(hasBrackets ? host.substring(1, host.length() - 1) : host));
        span.attribute(
                "server.port",
                hasPort ? port(authority, colon + 1) : request.scheme().equals("https") ? 443 : 80);
    }

    /** Returns 0 for a port that is not a number, which a client may send. */
    private static int port(String authority, int from) {
        int port = 0;
        for (int i = from; i < authority.length(); i++) {
            int digit = authority.charAt(i) - '0';
            if (digit < 0 || digit > 9 || port > 6553) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
