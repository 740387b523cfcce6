package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.config.Default;
import io.lynx.config.Range;
import io.lynx.http.ValidationException.FieldError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's page on HTTP: what requests contain, and answers of other kinds. */
class HttpRequestsGuideTest {
    private static final class OutOfStockException extends RuntimeException {
        OutOfStockException() {
            super("out of stock");
        }
    }

    /** An order as the guide's routes read and write it. */
    public record Order(String id) {}

    // snippet: http-bind
    record Search(
            long shop,
            @Default("20") @Range(min = "1", max = "100") int limit,
            List<String> tag,
            Optional<LocalDate> since,
            @HeaderValue("X-Tenant") String tenant) {}
    // end

    private static List<String> find(Search search) {
        return List.of(search.toString());
    }

    private static String price(int quantity) {
        return quantity + ".00";
    }

    private static int importOrders(UploadedFile file) {
        return Math.toIntExact(file.size());
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

    private static RawClient.Answer get(HttpServer server, String path) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Tenant: acme\r\n\r\n");
            return client.answer();
        }
    }

    @Test
    void parameters() throws Exception {
        HttpServer server = HttpServer.with(http -> {
            // snippet: http-parameters
            http.get("/price", (request, response) -> {
                int quantity = request.query("quantity", Integer.class)
                        .between(1, 1000)
                        .orElse(1);
                response.send(price(quantity));
            });
            http.get("/shops/{shop}/orders", (request, response) -> response.json(find(request.bind(Search.class))));
            // end
        });
        try (Application _ = start(server)) {
            assertThat(get(server, "/price?quantity=7").body()).isEqualTo("7.00");
            assertThat(get(server, "/price?quantity=0").status()).isEqualTo(400);
            assertThat(get(server, "/shops/1/orders?tag=a&tag=b").body()).contains("limit=20, tag=[a, b]");
            assertThat(get(server, "/shops/x/orders?limit=0").body()).contains("\"shop\"", "\"limit\"");
        }
    }

    @Test
    void validation() throws Exception {
        // snippet: http-validator
        HttpServer server = HttpServer.builder()
                .validator(value -> value instanceof Order order && order.id().isBlank()
                        ? List.of(new FieldError("id", "must not be blank"))
                        : List.of())
                .routes(http -> http.post("/orders", (request, response) -> response.json(request.json(Order.class))))
                .build();
        // end
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"id\":\" \"}");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("\"errors\":[{\"field\":\"id\",\"message\":\"must not be blank\"}]");
        }
    }

    @Test
    void errorHooks() throws Exception {
        // snippet: http-errors
        HttpServer server = HttpServer.with(http -> http.path(
                "/shop", shop -> shop.onError(OutOfStockException.class, (_, response, error) -> response.status(409)
                                .json(List.of(error.getMessage())))
                        .get("/buy", (_, _) -> {
                            throw new OutOfStockException();
                        })));
        // end
        try (Application _ = start(server)) {
            RawClient.Answer answer = get(server, "/shop/buy");
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.body()).isEqualTo("[\"out of stock\"]");
        }
    }

    @Test
    void events() throws Exception {
        // snippet: http-events
        Set<EventStream> clients = ConcurrentHashMap.newKeySet();
        HttpServer server = HttpServer.with(http -> http.get("/events", (_, response) -> {
                    EventStream stream = response.events();
                    clients.add(stream);
                    try {
                        stream.awaitEnd();
                    } finally {
                        clients.remove(stream);
                    }
                })
                .post("/orders", (request, response) -> {
                    Order order = request.json(Order.class);
                    ServerSentEvent event = ServerSentEvent.json(order).withId(order.id());
                    clients.forEach(client -> client.offer(event));
                    response.status(201).json(order);
                }));
        // end
        try (Application application = start(server);
                RawClient client = new RawClient(server.port());
                RawClient other = new RawClient(server.port())) {
            client.get("/events");
            assertThat(client.answer(false).status()).isEqualTo(200);
            TestServer.await(() -> !clients.isEmpty());
            other.send("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"id\":\"7\"}");
            assertThat(other.answer().status()).isEqualTo(201);
            assertThat(client.line()).isNotEmpty();
            assertThat(client.line()).isEqualTo("id: 7");
            assertThat(client.line()).isEqualTo("data: {\"id\":\"7\"}");
            assertThat(application.stop().isClean()).isTrue();
        }
    }

    @Test
    void files(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("terms.txt"), "terms");
        // snippet: http-files
        HttpServer server = HttpServer.with(http -> http.files("/documents", StaticFiles.directory(directory))
                .files(
                        "/assets",
                        StaticFiles.classPath("static-files").withCacheControl("public, max-age=31536000, immutable")));
        // end
        try (Application _ = start(server)) {
            assertThat(get(server, "/documents/terms.txt").body()).isEqualTo("terms");
            assertThat(get(server, "/assets/hello.txt").body()).isEqualTo("Hello\n");
        }
    }

    @Test
    void forms() throws Exception {
        HttpServer server = HttpServer.with(http -> {
            // snippet: http-forms
            FormLimits limits = FormLimits.defaults().withMaxFiles(1).withMaxFileSize(50_000_000);
            RouteOptions upload =
                    RouteOptions.defaults().withMaxBodySize(51_000_000).withTimeout(Duration.ofMinutes(5));
            http.post("/orders/import", upload, (request, response) -> {
                Form form = request.form(limits);
                UploadedFile file =
                        form.file("orders").orElseThrow(() -> new ValidationException("orders", "a file is missing"));
                int imported = importOrders(file);
                response.cookie(Cookie.of("__Host-imported", Integer.toString(imported)))
                        .redirectLocal("/orders");
            });
            // end
        });
        String body = "--X\r\nContent-Disposition: form-data; name=orders; filename=o.csv\r\n\r\n1,2\r\n--X--\r\n";
        try (Application _ = start(server);
                RawClient client = new RawClient(server.port())) {
            client.send("POST /orders/import HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=X\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(303);
            assertThat(answer.header("set-cookie"))
                    .isEqualTo("__Host-imported=3; Path=/; Secure; HttpOnly; SameSite=Lax");
        }
    }
}
