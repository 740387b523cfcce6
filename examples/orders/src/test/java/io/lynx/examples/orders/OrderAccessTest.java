package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may do what, without and with roles. */
@Timeout(120)
class OrderAccessTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json";
    private static final String LAMP = "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":1,\"unitPrice\":9.90}";
    private static final String FORM = """
        --b\r
        Content-Disposition: form-data; name="orders"; filename="o.csv"\r
        \r
        customer,product,quantity,unit_price
        ada,lamp,2,9.90
        \r
        --b--\r
        """;

    private static LynxTest.Builder orders(String... arguments) {
        return LynxTest.application(app -> Main.plugins(app.args(arguments), HttpServer.with(http -> {})))
                .with("lynx.http.port", "0")
                .with("lynx.metrics.prometheus.port", "0")
                .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl());
    }

    private static HttpResponse<String> send(
            LynxTest orders, String method, String path, String type, String body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(orders.url().resolve(path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return orders.http().send(request.build(), BodyHandlers.ofString());
    }

    private static int place(LynxTest orders, String token) throws Exception {
        return send(orders, "POST", "/orders", JSON_TYPE, LAMP, token).statusCode();
    }

    private static int importOne(LynxTest orders, String token) throws Exception {
        return send(orders, "POST", "/orders/import", "multipart/form-data; boundary=b", FORM, token)
                .statusCode();
    }

    private static int repair(LynxTest orders, String token) throws Exception {
        return send(orders, "PUT", "/faults/database", "text/plain", "up", token)
                .statusCode();
    }

    @Test
    void everyoneMayDoAllUnlessRolesAreRequired() throws Exception {
        try (LynxTest orders = orders().start()) {
            assertThat(place(orders, "")).isEqualTo(201);
            assertThat(place(orders, "rubbish")).isEqualTo(201);
            assertThat(importOne(orders, "")).isEqualTo(201);
            assertThat(repair(orders, "")).isEqualTo(200);

            JsonNode document = JSON.readTree(orders.get("/openapi.json").body());
            assertThat(document.at("/paths/~1orders/post/responses").has("401")).isFalse();
            assertThat(document.at("/components").has("securitySchemes")).isFalse();
        }
    }

    @Test
    void rolesDecideWhoChangesSomething() throws Exception {
        try (OrdersIssuer issuer = new OrdersIssuer();
                LynxTest orders = issuer.trustedBy(orders("--profile", "dev")).start()) {
            String nobody = issuer.token("eve");
            String clerk = issuer.token("ada", "clerk");
            String manager = issuer.token("grace", "manager");

            assertThat(place(orders, "")).isEqualTo(401);
            assertThat(place(orders, "rubbish")).isEqualTo(401);
            assertThat(place(orders, nobody)).isEqualTo(403);
            assertThat(place(orders, clerk)).isEqualTo(201);
            assertThat(place(orders, manager)).isEqualTo(201);
            assertThat(importOne(orders, "")).isEqualTo(401);
            assertThat(importOne(orders, clerk)).isEqualTo(403);
            assertThat(importOne(orders, manager)).isEqualTo(201);
            assertThat(repair(orders, "")).isEqualTo(401);
            assertThat(repair(orders, clerk)).isEqualTo(403);
            assertThat(repair(orders, manager)).isEqualTo(200);

            // What was refused was no attempt to place an order.
            Await.asserted("three orders are counted", () -> assertThat(
                            orders.metrics().sum("orders_placed_total"))
                    .isEqualTo(3));
        }
    }

    @Test
    void everyoneMayReadAlthoughRolesAreRequired() throws Exception {
        try (OrdersIssuer issuer = new OrdersIssuer();
                LynxTest orders = issuer.trustedBy(orders("--profile", "dev")).start()) {
            for (String path : new String[] {
                "/orders", "/orders/export", "/live/", "/openapi/", "/openapi.json", "/faults/database", "/health"
            }) {
                assertThat(orders.get(path).status()).as(path).isEqualTo(200);
            }
            assertThat(orders.get("/orders/1").status()).isEqualTo(404);
        }
    }

    @Test
    void theDocumentNamesTheRoles() throws Exception {
        try (OrdersIssuer issuer = new OrdersIssuer();
                LynxTest orders = issuer.trustedBy(orders("--profile", "dev")).start()) {
            JsonNode paths = JSON.readTree(orders.get("/openapi.json").body()).path("paths");

            assertThat(paths.at("/~1orders/post/security"))
                    .hasToString("[{\"bearer\":[\"clerk\"]},{\"bearer\":[\"manager\"]}]");
            assertThat(paths.at("/~1orders~1import/post/security")).hasToString("[{\"bearer\":[\"manager\"]}]");
            assertThat(paths.at("/~1orders/get").has("security")).isFalse();
            assertThat(paths.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder(
                            "/faults/database",
                            "/faults/memory",
                            "/orders",
                            "/orders/changes",
                            "/orders/export",
                            "/orders/import",
                            "/orders/{id}",
                            "/orders/{id}/stock");
        }
    }

    @Test
    void withoutAWayToAuthenticateNobodyHasARole() throws Exception {
        try (LynxTest orders =
                orders().with("orders.access.require_roles", "true").start()) {
            assertThat(place(orders, "")).isEqualTo(401);
            assertThat(importOne(orders, "rubbish")).isEqualTo(401);
            assertThat(orders.get("/orders").status()).isEqualTo(200);
        }
    }
}
