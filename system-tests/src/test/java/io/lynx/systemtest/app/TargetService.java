package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** What hostile clients attack: a short answer, a long answer, and a route that reads a body. */
public final class TargetService {
    private static final byte[] LARGE = new byte[60_000];

    private TargetService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get("/ok", (request, response) -> response.send("ok"))
                        .get("/large", (request, response) -> response.send(LARGE))
                        .post("/upload", (request, response) -> response.send("" + request.bytes().length)))));
    }
}
