package io.lynx.http;

import io.lynx.extension.ExtensionPoint;

/**
 * Surrounds handlers: it can inspect and change requests and responses, answer itself, or refuse. It runs on the handler's
 * thread, so it must not block on {@link RouteOptions#nonBlocking} routes.
 */
@ExtensionPoint(thread = "the handler's thread", deadline = "that of the handler")
@FunctionalInterface
public interface Interceptor {
    /**
     * Handles a request, usually by calling {@code next.handle(request, response)} once.
     *
     * @param next the interceptors behind this one and the handler
     * @throws Exception is treated as if the handler had thrown it
     */
    void intercept(Request request, Response response, HttpHandler next) throws Exception;
}
