package io.lynx.benchmarks.http;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteOptions;
import io.lynx.http.StandardInterceptors;

/**
 * The routes of the peers on Lynx: on virtual threads, below {@code /loop} on the event loop, and below {@code /bare} without the
 * interceptors that every server has.
 */
public final class GreetingService {
    /** The JSON body of an answer. */
    public record Greeting(String message) {}

    private GreetingService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get(
                                "/hello", (_, response) -> response.send("Hello, World!"))
                        .get("/json", (_, response) -> response.json(new Greeting("Hello, World!")))
                        .get("/blocking", (_, response) -> {
                            Thread.sleep(20);
                            response.send("Hello, World!");
                        })
                        .get("/bare/hello", bare(), (_, response) -> response.send("Hello, World!"))
                        .get("/loop/hello", RouteOptions.nonBlocking(), (_, response) -> response.send("Hello, World!"))
                        .get(
                                "/loop/json",
                                RouteOptions.nonBlocking(),
                                (_, response) -> response.json(new Greeting("Hello, World!"))))));
    }

    private static RouteOptions bare() {
        return RouteOptions.defaults()
                .withoutInterceptor(StandardInterceptors.IN_FLIGHT_LIMIT)
                .withoutInterceptor(StandardInterceptors.REQUEST_CONTEXT)
                .withoutInterceptor(StandardInterceptors.METRICS)
                .withoutInterceptor(StandardInterceptors.DEADLINE);
    }
}
