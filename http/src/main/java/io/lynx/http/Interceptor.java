package io.lynx.http;

import io.lynx.extension.ExtensionPoint;

/**
 * Surrounds handlers: it can inspect and change requests and responses, answer itself, or refuse. It runs on the handler's
 * thread, so it must not block on {@link RouteOptions#nonBlocking} routes unless {@link #mayBlock} tells so.
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

    /**
     * Returns whether {@link #intercept} may block for {@code request}. If so, the request is handled on a virtual thread, also on
     * {@link RouteOptions#nonBlocking} routes. Called on the event loop, before the body is read; it must not block itself.
     */
    default boolean mayBlock(Request request) {
        return false;
    }

    /**
     * Adds to the description of a route that it surrounds, such as who may use it. It is called when a document is made, never for a
     * request. What it throws is logged, and the route is described without it.
     */
    default void describe(RouteDescription route) {}
}
