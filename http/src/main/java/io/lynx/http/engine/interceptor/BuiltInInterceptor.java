package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.InterceptorChange;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.StandardInterceptors;
import java.util.List;

/**
 * An interceptor that every server has from the start, or the access log. A {@link InterceptorChain} does not call it but notes that it is there:
 * the {@code Exchange} then does its work, most of it on the event loop, where it begins with the head and ends with the last byte.
 */
public enum BuiltInInterceptor implements Interceptor {
    IN_FLIGHT_LIMIT,
    REQUEST_CONTEXT,
    ACCESS_LOG,
    METRICS,
    DEADLINE;

    /** What a server starts with. */
    public static final List<InterceptorChange> ALL = List.of(
            new InterceptorChange(StandardInterceptors.IN_FLIGHT_LIMIT, IN_FLIGHT_LIMIT),
            new InterceptorChange(StandardInterceptors.REQUEST_CONTEXT, REQUEST_CONTEXT),
            new InterceptorChange(StandardInterceptors.METRICS, METRICS),
            new InterceptorChange(StandardInterceptors.DEADLINE, DEADLINE));

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        next.handle(request, response);
    }
}
