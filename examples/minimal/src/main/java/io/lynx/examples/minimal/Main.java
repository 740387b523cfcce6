package io.lynx.examples.minimal;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** The smallest service. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        HttpServer server = HttpServer.with(http ->
                http.get("/hello/{name}", (request, response) -> response.send("Hello, " + request.path("name"))));
        Lynx.run(args, app -> app.plugin(server));
    }
}
