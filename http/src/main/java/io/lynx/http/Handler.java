package io.lynx.http;

/**
 * Answers one request. It runs on a virtual thread of its own and may block, unless its route is
 * {@link RouteOptions#nonBlocking}. When the client goes away, or the request runs out of time, the thread is interrupted.
 */
@FunctionalInterface
public interface Handler {
    /**
     * Answers {@code request} through {@code response} before it returns; setting a status without sending anything is an
     * empty answer of that status.
     *
     * @throws HttpException becomes the answer that it describes
     * @throws Exception becomes a 500 without details; it is logged with the request's id
     */
    void handle(Request request, Response response) throws Exception;
}
