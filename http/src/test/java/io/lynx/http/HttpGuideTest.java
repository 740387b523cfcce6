package io.lynx.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on HTTP. */
class HttpGuideTest {
    private static final String GOODBYE = "goodbye";

    /** An order as the guide's routes read and write it. */
    public record Order(String id) {}

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private static Order place(Order order) {
        return order;
    }

    private static Order find(String id) {
        return new Order(id);
    }

    private static Application start(HttpServer server) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server)
                .build();
        application.start();
        return application;
    }

    @Test
    void routes() throws Exception {
        // snippet: http-routes
        HttpServer server = HttpServer.with(http -> http.get(
                        "/hello/{name}", (request, response) -> response.send("Hello, " + request.path("name")))
                .path("/orders", orders -> orders.post("", (request, response) -> {
                            Order order = place(request.json(Order.class));
                            response.status(201).json(order);
                        })
                        .get("/{id}", (request, response) -> response.json(find(request.path("id"))))));
        // end
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.get("/hello/you");
            assertThat(client.answer().body()).isEqualTo("Hello, you");
            client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"id\":\"7\"}");
            assertThat(client.answer().status()).isEqualTo(201);
            client.get("/orders/7");
            assertThat(client.answer().body()).contains("\"7\"");
        }
    }

    @Test
    void interceptors() throws Exception {
        // snippet: http-interceptors
        HttpServer server = HttpServer.builder()
                .interceptors(added -> added.add(StandardInterceptors.SECURITY_HEADERS, (request, response, next) -> {
                            response.header("X-Frame-Options", "DENY");
                            next.handle(request, response);
                        })
                        .remove(StandardInterceptors.IN_FLIGHT_LIMIT))
                .routes(http -> http.get("/hello", (_, response) -> response.send("Hello"))
                        .path("/orders", orders -> orders.intercept(
                                        StandardInterceptors.AUTHENTICATION, (request, response, next) -> {
                                            if (request.header("Authorization").isEmpty()) {
                                                throw new HttpException(401, "credentials are missing");
                                            }
                                            next.handle(request, response);
                                        })
                                .get("/{id}", (request, response) -> response.json(find(request.path("id"))))))
                .build();
        // end
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.get("/orders/7");
            RawClient.Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("x-frame-options")).isEqualTo("DENY");
            client.get("/hello");
            assertThat(client.answer().body()).isEqualTo("Hello");
        }
    }

    @Test
    void longLivedAnswers() throws Exception {
        HttpServer server = HttpServer.with(http -> {
            // snippet: http-long-lived
            http.get("/events", (_, response) -> {
                response.type("text/event-stream");
                try (OutputStream out = response.longLived(_ -> events.add(GOODBYE))) {
                    for (String event = events.take(); !event.equals(GOODBYE); event = events.take()) {
                        out.write(("data: " + event + "\n\n").getBytes(UTF_8));
                        out.flush();
                    }
                    out.write(": goodbye\n\n".getBytes(UTF_8));
                }
            });
            // end
        });
        try (Application application = start(server);
                RawClient client = new RawClient(server.port())) {
            client.get("/events");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");

            assertThat(application.stop().isClean()).isTrue();

            assertThat(new String(client.rest(), UTF_8)).contains(": goodbye");
        }
    }
}
