package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** A service with one route that takes as many milliseconds as it is asked to. */
public final class HttpService {
    private HttpService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get("/work/{millis}", (request, response) -> {
                    Thread.sleep(Long.parseLong(request.path("millis")));
                    response.send("done");
                }))));
    }
}
