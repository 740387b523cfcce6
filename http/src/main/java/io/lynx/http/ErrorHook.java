package io.lynx.http;

import io.lynx.extension.ExtensionPoint;

/**
 * Answers requests that fail with an exception of one type; it is added by {@link Routes#onError}. It runs on the handler's thread,
 * so it must not block on {@link RouteOptions#nonBlocking} routes.
 */
@ExtensionPoint(thread = "the handler's thread", deadline = "that of the handler")
@FunctionalInterface
public interface ErrorHook<E extends Throwable> {
    /**
     * Answers {@code request}, by one of the methods of {@code response} that send a whole answer. If it sends nothing, the next hook
     * that accepts the exception is called, and in the end the server answers.
     *
     * @throws Exception is logged; the server answers
     */
    void answer(Request request, Response response, E error) throws Exception;
}
