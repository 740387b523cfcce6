package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service, asked as its clients ask it. */
class OrdersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TWO_LAMPS =
            "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":2,\"unitPrice\":9.90}";

    private final HttpServer server = HttpServer.with(http -> {});

    @AutoClose
    private final Application application = Main.plugins(Application.builder(), server)
            .set("lynx.http.port", "0")
            .set("lynx.metrics.prometheus.port", "0")
            .set("orders.database.url", "jdbc:h2:mem:" + UUID.randomUUID())
            .build();

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        application.start();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", path.startsWith("/faults") ? "text/plain" : "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body());
    }

    /** Asks until the worker has confirmed the order. */
    private void awaitConfirmed(String path) throws Exception {
        while (!json(get(path)).get("status").textValue().equals("CONFIRMED")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void placesAnOrderAndConfirmsIt() throws Exception {
        HttpResponse<String> placed = send("POST", "/orders", TWO_LAMPS);

        assertThat(placed.statusCode()).isEqualTo(201);
        assertThat(placed.headers().firstValue("Location")).contains("/orders/1");
        assertThat(placed.body()).contains("\"total\":19.80", "\"status\":\"PLACED\"");
        awaitConfirmed("/orders/1");
    }

    @Test
    void namesEveryFieldAtFault() throws Exception {
        HttpResponse<String> refused = send("POST", "/orders", "{\"customer\":\"\",\"quantity\":0}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(refused).get("errors").findValuesAsText("field"))
                .containsExactly("customer", "product", "quantity", "unitPrice");
    }

    @Test
    void leafsThroughItsOrders() throws Exception {
        for (int i = 0; i < 5; i++) {
            send("POST", "/orders", TWO_LAMPS);
        }

        JsonNode first = json(get("/orders?limit=2"));
        JsonNode second = json(get(first.get("next").textValue()));
        JsonNode third = json(get(second.get("next").textValue()));

        assertThat(first.get("orders").findValuesAsText("id")).containsExactly("1", "2");
        assertThat(second.get("orders").findValuesAsText("id")).containsExactly("3", "4");
        assertThat(third.get("orders").findValuesAsText("id")).containsExactly("5");
        assertThat(third.get("next").isNull()).isTrue();
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws Exception {
        assertThat(get("/orders/99").statusCode()).isEqualTo(404);
        assertThat(get("/orders/lamp").statusCode()).isEqualTo(404);
        assertThat(get("/orders?limit=101").statusCode()).isEqualTo(400);
        assertThat(get("/orders?after=x").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/orders", "{").statusCode()).isEqualTo(400);
        assertThat(send("PUT", "/faults/database", "broken").statusCode()).isEqualTo(400);
    }

    @Test
    void outlivesItsDatabase() throws Exception {
        send("POST", "/orders", TWO_LAMPS);
        awaitConfirmed("/orders/1");

        assertThat(send("PUT", "/faults/database", "down").body()).isEqualTo("down\n");

        HttpResponse<String> list = get("/orders");
        assertThat(list.statusCode()).isEqualTo(503);
        assertThat(list.headers().firstValue("Retry-After")).contains("2");
        assertThat(send("POST", "/orders", TWO_LAMPS).statusCode()).isEqualTo(503);
        HttpResponse<String> cached = get("/orders/1");
        assertThat(cached.statusCode()).isEqualTo(200);
        assertThat(cached.headers().firstValue("Cache-Status")).contains("orders; hit");

        assertThat(send("PUT", "/faults/database", "up").body()).isEqualTo("up\n");

        assertThat(get("/orders").statusCode()).isEqualTo(200);
        assertThat(send("POST", "/orders", TWO_LAMPS).statusCode()).isEqualTo(201);
        awaitConfirmed("/orders/2");
    }

    @Test
    void stopsCleanlyAndLeavesNoThread() throws Exception {
        for (int i = 0; i < 50; i++) {
            send("POST", "/orders", TWO_LAMPS);
        }

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
        assertThat(report.undeliveredEvents()).isZero();
        assertThat(report.plugins()).allSatisfy(plugin -> {
            assertThat(plugin.failure()).isNull();
            assertThat(plugin.threadsLeft()).isEmpty();
        });
        assertThat(DatabaseThreads.haveEnded()).isTrue();
    }
}
