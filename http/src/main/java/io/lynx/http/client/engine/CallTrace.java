package io.lynx.http.client.engine;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.http.client.HttpCallException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends the spans of the calls of one client, one for each call with all of its attempts, with the attributes of
 * OpenTelemetry's semantic conventions for HTTP clients. Immutable and thread-safe.
 */
public final class CallTrace {
    private static final int FIRST_ERROR = 400;
    private static final int LONGEST_TEXT = 500;

    private final @Nullable Tracing tracing;
    private final ClientTarget target;

    CallTrace(@Nullable Tracing tracing, ClientTarget target) {
        this.tracing = tracing;
        this.target = target;
    }

    /** Begins the span of a call that {@code outer} makes. */
    public Span begin(String method, String template, RequestContext outer) {
        return tracing == null ? Span.NONE : tracing.begin(SpanKind.CLIENT, method + " " + template, outer);
    }

    /** Ends the span of a call that was answered; that of a streamed answer ends with its head. */
    public void answered(Span span, OutgoingRequest request, int status) {
        describe(span, request);
        if (span.isTraced()) {
            span.attribute("http.response.status_code", status);
        }
        span.end(status < FIRST_ERROR ? "" : Integer.toString(status));
    }

    /** Ends the span of a call that was not answered. */
    public void failed(Span span, OutgoingRequest request, Throwable failure) {
        describe(span, request);
        if (failure instanceof HttpCallException call) {
            span.end(call.reason().name().toLowerCase(Locale.ROOT));
        } else {
            span.end(failure);
        }
    }

    /** The query is left out: it may hold what a trace must not. */
    private void describe(Span span, OutgoingRequest request) {
        if (!span.isTraced()) {
            return;
        }
        span.attribute("http.request.method", request.method());
        span.attribute("url.template", request.template());
        int query = request.target().indexOf('?');
        String path = query < 0 ? request.target() : request.target().substring(0, query);
        String url = target.scheme() + "://" + target.authority() + path;
        span.attribute("url.full", url.length() <= LONGEST_TEXT ? url : url.substring(0, LONGEST_TEXT));
        span.attribute("server.address", target.serverName());
        span.attribute("server.port", port());
    }

    private long port() {
        String authority = target.authority();
        int colon = authority.lastIndexOf(':');
        if (colon > authority.lastIndexOf(']')) {
            return Long.parseLong(authority.substring(colon + 1));
        }
        return target.scheme().equals("https") ? 443 : 80;
    }
}
