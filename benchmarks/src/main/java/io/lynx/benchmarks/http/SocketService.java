package io.lynx.benchmarks.http;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Sends every message of a WebSocket back, with and without compression, and tells how much memory it uses. */
public final class SocketService {
    private static final int MOST_COLLECTIONS = 20;

    private SocketService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.webSocket("/plain", SocketService::echo)
                        .webSocket("/compressed", WebSocketOptions.defaults().withCompression(), SocketService::echo)
                        .get("/memory", SocketService::memory))));
    }

    private static void echo(WebSocket socket) {
        for (WebSocketMessage message : socket) {
            socket.send(message.text());
        }
    }

    /** Answers with the bytes of live objects and of buffers outside of the heap. */
    private static void memory(Request request, Response response) {
        long used = used();
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            System.gc();
            long now = used();
            if (now >= used) {
                break;
            }
            used = now;
        }
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        response.send(used + " "
                + pools.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum());
    }

    private static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
