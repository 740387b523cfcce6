package io.lynx.examples.minimal;

// snippet: minimal-service
import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.Routes;

/** The smallest service. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(HttpServer.with(Main::routes)));
    }

    static void routes(Routes http) {
        http.get("/hello/{name}", (request, response) -> response.send("Hello, " + request.path("name")));
    }
}
// end
