package io.lynx.http;

/**
 * Stands around handlers: it may look, change, answer itself or refuse. It runs on the thread of the handler that it
 * stands around, so around a {@link RouteOptions#nonBlocking} one it must not block.
 */
@FunctionalInterface
public interface Interceptor {
    /**
     * Deals with a request, usually by calling {@code next.handle(request, response)} once.
     *
     * @param next the rest of the way: further interceptors, then the handler
     * @throws Exception is treated as if the handler had thrown it
     */
    void intercept(Request request, Response response, Handler next) throws Exception;
}
