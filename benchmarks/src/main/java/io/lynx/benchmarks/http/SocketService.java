package io.lynx.benchmarks.http;

import io.lynx.app.Lynx;
import io.lynx.benchmarks.harness.MemoryUse;
import io.lynx.http.HttpServer;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;

/** Sends every message of a WebSocket back, with and without compression, and tells how much memory it uses. */
public final class SocketService {
    private SocketService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.webSocket("/plain", SocketService::echo)
                        .webSocket("/compressed", WebSocketOptions.defaults().withCompression(), SocketService::echo)
                        .get("/memory", (_, response) -> response.send(MemoryUse.describe())))));
    }

    private static void echo(WebSocket socket) {
        for (WebSocketMessage message : socket) {
            socket.send(message.text());
        }
    }
}
