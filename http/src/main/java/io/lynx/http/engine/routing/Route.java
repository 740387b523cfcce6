package io.lynx.http.engine.routing;

import io.lynx.http.HttpHandler;
import io.lynx.http.RouteOptions;
import io.lynx.http.engine.interceptor.InterceptorChain;
import org.jspecify.annotations.Nullable;

/**
 * One method on one template, with what answers it.
 *
 * @param handler the handler inside its interceptors
 * @param chain the interceptors
 * @param owner the id of the plugin that added it; empty for the server's own
 * @param accepted counts the requests whose head was read, for the owner; null for the server's own
 */
public record Route(
        String method,
        Template template,
        RouteOptions options,
        HttpHandler handler,
        InterceptorChain chain,
        String owner,
        @Nullable AcceptedRequests accepted) {
    /** Whether its handler may block for some requests, though it runs on the event loop for others. */
    boolean mayBlockForSome() {
        return !options.mayBlock().equals(RouteOptions.defaults().mayBlock());
    }
}
