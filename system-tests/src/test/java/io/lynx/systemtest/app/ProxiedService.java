package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.EventStream;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.ServerSentEvent;
import io.lynx.http.websocket.WebSocketMessage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A service with what proxies treat in their own ways: answers, uploads, server-sent events and WebSockets. */
public final class ProxiedService {
    private static final long LARGEST_UPLOAD = 2L * 1024 * 1024 * 1024;

    /** A gigabyte takes longer than the time of other requests on a busy machine. */
    private static final Duration LONGEST_UPLOAD = Duration.ofMinutes(3);

    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(50);
    private static final int PIECE = 64 * 1024;

    private ProxiedService() {}

    /** Runs it. */
    public static void main(String[] args) {
        RouteOptions upload =
                RouteOptions.defaults().withMaxBodySize(LARGEST_UPLOAD).withTimeout(LONGEST_UPLOAD);
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get(
                                "/client",
                                (request, response) -> response.send(request.scheme() + " "
                                        + request.remoteAddress().getAddress().getHostAddress()))
                        .post("/upload", upload, ProxiedService::count)
                        .get("/events", ProxiedService::events)
                        .webSocket("/echo", socket -> {
                            for (WebSocketMessage message : socket) {
                                socket.send(message.text());
                            }
                        }))));
    }

    private static void count(Request request, Response response) throws IOException {
        byte[] buffer = new byte[PIECE];
        long count = 0;
        try (InputStream body = request.stream()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                count += read;
            }
        }
        response.send(String.valueOf(count));
    }

    /** Numbers, each one more than the last that the client has received. */
    private static void events(Request request, Response response) throws InterruptedException {
        EventStream events = response.events();
        long last = events.lastEventId().map(Long::parseLong).orElse(0L);
        while (events.isOpen()) {
            last++;
            events.send(ServerSentEvent.of(String.valueOf(last)).withId(String.valueOf(last)));
            Thread.sleep(BETWEEN_EVENTS);
        }
    }
}
