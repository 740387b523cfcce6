package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.json.TypeOf;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's page on the HTTP client. */
class HttpClientGuideTest {
    /** What the guide's service stores. */
    public record Stock(String item, int count) {}

    // snippet: http-client-plugin
    static final class OrdersPlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders")
                    .requires(HttpClientPlugin.id("inventory"))
                    .uses("http")
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(new HttpClientPlugin("inventory"));
        }

        @Override
        public void start(PluginContext context) {
            HttpClient inventory = context.resource(HttpClientPlugin.key("inventory"));
            context.resource(HttpServer.ROUTES)
                    .add(
                            context,
                            routes -> routes.get("/stock/{item}", (request, response) -> {
                                Stock stock = inventory
                                        .get("/items/{item}", request.path("item"))
                                        .fetch(Stock.class);
                                response.json(stock);
                            }));
        }
    }
    // end

    private static TestService inventory() {
        return TestService.with(routes -> routes.get("/items/{item}", (request, response) -> {
                    if (request.path("item").equals("none")) {
                        throw HttpException.notFound();
                    }
                    response.json(new Stock(request.path("item"), 3));
                })
                .get("/items", (_, response) -> response.json(List.of(new Stock("apple", 3))))
                .post("/items", (request, response) -> response.status(201).json(request.json(Stock.class)))
                .get("/export", (_, response) -> response.send("a,b"))
                .put("/import", (request, response) -> response.send("" + request.bytes().length)));
    }

    @Test
    void aPluginWithAClient() {
        HttpServer server = HttpServer.builder().build();
        try (TestService service = inventory();
                Application application = Application.builder()
                        .discoverPlugins(false)
                        .set("lynx.application.name", "shop")
                        .set("lynx.application.version", "1.0.0")
                        .set("lynx.http.host", "127.0.0.1")
                        .set("lynx.http.port", "0")
                        .set("lynx.clients.inventory.url", "http://127.0.0.1:" + service.listener.port())
                        .plugin(server)
                        .plugin(new OrdersPlugin())
                        .build()) {
            application.start();
            try (HttpClient client =
                    HttpClient.builder("test").url(server.url()).build()) {
                assertThat(client.get("/stock/apple").fetch(Stock.class)).isEqualTo(new Stock("apple", 3));
            }
        }
    }

    @Test
    void calls() {
        try (TestService service = inventory();
                HttpClient inventory = service.client().build()) {
            String item = "a/b";
            // snippet: http-client-calls
            Stock stock = inventory.get("/items/{item}", item).fetch(Stock.class);

            List<Stock> all = inventory
                    .get("/items")
                    .query("limit", 20)
                    .header("X-Tenant", "blue")
                    .timeout(Duration.ofSeconds(10))
                    .fetch(new TypeOf<List<Stock>>() {});

            ClientResponse created = inventory.post("/items").json(stock).send();
            if (created.status() == 409) {
                throw new IllegalStateException("there is such an item: " + created.text());
            }
            // end
            assertThat(stock.item()).isEqualTo("a/b");
            assertThat(all).hasSize(1);
            assertThat(created.status()).isEqualTo(201);
        }
    }

    @Test
    void streams(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("export.csv");
        try (TestService service = inventory();
                HttpClient inventory = service.client().build()) {
            // snippet: http-client-stream
            try (StreamedResponse export =
                    inventory.get("/export").timeout(Duration.ofMinutes(10)).open()) {
                Files.copy(export.stream(), file, StandardCopyOption.REPLACE_EXISTING);
            }
            try (InputStream in = Files.newInputStream(file)) {
                inventory.put("/import").body(in, Files.size(file)).send().orThrow();
            }
            // end
            assertThat(file).hasContent("a,b");
            assertThat(inventory
                            .put("/import")
                            .body(new ByteArrayInputStream(new byte[5]), -1)
                            .send()
                            .text())
                    .isEqualTo("5");
        }
    }

    @Test
    void aClientInCode() {
        try (TestService service = inventory()) {
            int port = service.listener.port();
            // snippet: http-client-code
            HttpClient inventory = HttpClient.builder("inventory")
                    .url("http://inventory.internal")
                    .discovery(() -> List.of(new ServiceAddress("127.0.0.1", port, "zone-a")))
                    .timeout(Duration.ofSeconds(5))
                    .policies(policies -> policies.withRetryAttempts(2).withMaxCalls(50, Duration.ofMillis(100)))
                    .build();
            // end
            try (inventory) {
                assertThat(inventory.get("/items/apple").fetch(Stock.class).count())
                        .isEqualTo(3);
            }
        }
    }
}
