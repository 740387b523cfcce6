package io.lynx.benchmarks.peers.helidon;

import io.helidon.webserver.WebServer;

/** The routes on Helidon SE: {@code Main PORT}. */
public final class Main {
    /** The JSON body of an answer. */
    public record Greeting(String message) {}

    private Main() {}

    public static void main(String[] args) {
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .routing(routing -> routing.get("/hello", (request, response) -> response.send("Hello, World!"))
                        .get("/json", (request, response) -> response.send(new Greeting("Hello, World!")))
                        .get("/blocking", (request, response) -> {
                            Thread.sleep(20);
                            response.send("Hello, World!");
                        }))
                .build()
                .start();
    }
}
