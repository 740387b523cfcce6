package io.lynx.http;

import io.lynx.context.RequestContext;
import java.util.Map;
import org.slf4j.MDC;

/** Writes the ids of the bound context to the MDC, and removes them when the handler has returned. Stateless. */
final class MdcInterceptor implements Interceptor {
    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        Map<String, String> ids = RequestContext.current().ids();
        ids.forEach(MDC::put);
        try {
            next.handle(request, response);
        } finally {
            ids.keySet().forEach(MDC::remove);
        }
    }
}
