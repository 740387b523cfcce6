package io.lynx.http;

import io.lynx.extension.ExtensionPoint;

/**
 * Answers one request. It runs on a virtual thread of its own and may block, unless its route is
 * {@link RouteOptions#nonBlocking}. When the client goes away or the request exceeds its time,
 * {@link Request#isCancelled} becomes true; the thread is interrupted only on routes that ask for it by
 * {@link RouteOptions#interruptWhenCancelled}.
 */
@ExtensionPoint(
        thread = "a virtual thread of its own, or the event loop on nonBlocking routes",
        deadline = "lynx.http.request_timeout or the route's time-out, after which the request is cancelled")
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers {@code request} through {@code response} before it returns. If it sets a status and sends nothing, the answer is
     * empty and has that status.
     *
     * @throws HttpException becomes the answer that it describes
     * @throws Exception becomes a 500 without details; it is logged with the request's id
     */
    void handle(Request request, Response response) throws Exception;
}
