package io.lynx.http.websocket;

import io.lynx.extension.ExtensionPoint;
import io.lynx.http.HttpException;

/**
 * Serves one WebSocket, from the end of the handshake until it returns; then the socket is closed. It runs on a virtual thread of
 * its own and may block.
 */
@ExtensionPoint(
        thread = "a virtual thread of its own",
        deadline = "none; it is interrupted at its share of the shutdown's budget")
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Serves {@code socket}. Its request can be used for as long as the handler runs.
     *
     * @throws WebSocketException closes the socket with its code and reason
     * @throws HttpException closes the socket: with 1008 and its detail if its status is below 500, and otherwise like any exception
     * @throws Exception closes the socket with 1011; it is logged and recorded as an error of the plugin that owns the route
     */
    void handle(WebSocket socket) throws Exception;
}
