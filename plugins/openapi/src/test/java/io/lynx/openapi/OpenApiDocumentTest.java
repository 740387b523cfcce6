package io.lynx.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.AccessRule;
import io.lynx.http.HeaderValue;
import io.lynx.http.HttpHandler;
import io.lynx.http.HttpServer;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteDescription;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.SecurityScheme;
import io.lynx.http.StaticFiles;
import io.lynx.http.TypedHandler;
import io.lynx.json.TypeOf;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The document of the routes of a running server. */
class OpenApiDocumentTest {
    private static final HttpHandler ANY = (_, response) -> response.send("");

    enum Kind {
        IN_STOCK,
        SOLD_OUT
    }

    record Search(
            long shop,

            @Doc("How many are returned.") @Default("20") @Range(min = "1", max = "100")
            int limit,

            List<Kind> kind,
            Optional<LocalDate> since,
            @Default("30s") @Range(min = "1s", max = "1m") Duration within,
            @HeaderValue("X-Tenant") String tenant) {}

    record Order(String id, int quantity) {}

    record NewOrder(int quantity) {}

    /** Requires a role, as an interceptor of a security plugin does. */
    private record Roles(List<String> roles) implements Interceptor {
        @Override
        public void intercept(Request request, Response response, HttpHandler next) throws Exception {
            next.handle(request, response);
        }

        @Override
        public void describe(RouteDescription route) {
            route.authentication(SecurityScheme.bearer("JWT"), SecurityScheme.apiKey("X-API-Key"))
                    .authenticated(roles.toArray(String[]::new));
        }
    }

    private static LynxTest start(Consumer<Routes> routes, String... configuration) {
        LynxTest.Builder test = LynxTest.of(HttpServer.with(routes), new OpenApiPlugin())
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.2.3")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0");
        for (int i = 0; i < configuration.length; i += 2) {
            LynxTest.Builder _ = test.with(configuration[i], configuration[i + 1]);
        }
        return test.start();
    }

    private static String text(Consumer<Routes> routes, String... configuration) {
        try (LynxTest test = start(routes, configuration)) {
            return test.get("/openapi.json").body();
        }
    }

    private static CheckedDocument document(Consumer<Routes> routes, String... configuration) {
        return CheckedDocument.of(text(routes, configuration));
    }

    @Test
    void tellsOfTheService() {
        CheckedDocument document = document(
                routes -> routes.get("/orders", ANY),
                "lynx.openapi.description",
                "Sells tea.",
                "lynx.openapi.servers",
                "[https://shop.example/api]");

        assertThat(document.at("/openapi").stringValue()).isEqualTo("3.1.0");
        assertThat(document.at("/info"))
                .hasToString("{\"title\":\"shop\",\"version\":\"1.2.3\",\"description\":\"Sells tea.\"}");
        assertThat(document.at("/servers")).hasToString("[{\"url\":\"https://shop.example/api\"}]");
    }

    @Test
    void routesWithoutAnyDescriptionArePaths() {
        CheckedDocument document = document(routes -> routes.get("/orders/{id}", ANY)
                .delete("/orders/{order}", ANY)
                .get("/files/{path...}", ANY)
                .get("/files/{name}", ANY)
                .post("/docs/{rest...}", ANY)
                .any("/proxy", ANY)
                .get("/odd path/ü", ANY));

        assertThat(document.at("/paths").propertyNames())
                .containsExactly("/docs/{rest}", "/files/{name}", "/odd path/ü", "/orders/{id}");
        JsonNode get = document.operation("get", "/orders/{id}");
        assertThat(get.get("operationId").stringValue()).isEqualTo("getOrdersById");
        assertThat(get.get("parameters"))
                .hasToString("[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}]");
        assertThat(get.at("/responses/default")).hasToString("{\"$ref\":\"#/components/responses/Problem\"}");
        assertThat(document.operation("delete", "/orders/{id}")
                        .at("/parameters/0/name")
                        .stringValue())
                .isEqualTo("id");
        assertThat(document.operation("post", "/docs/{rest}")
                        .at("/parameters/0/description")
                        .stringValue())
                .isEqualTo("One or more segments, with the slashes between them.");
    }

    @Test
    void typedHandlersDescribeThemselves() {
        try (LynxTest test = start(routes -> routes.post(
                        "/orders",
                        TypedHandler.body(NewOrder.class)
                                .answers(201, Order.class)
                                .by((order, _, response) -> {
                                    response.header("Location", "/orders/1");
                                    return new Order("1", order.quantity());
                                }))
                .get(
                        "/shops/{shop}/orders",
                        TypedHandler.bind(Search.class)
                                .answers(new TypeOf<List<Order>>() {})
                                .by((search, _, _) -> List.of(new Order(search.tenant(), search.limit())))))) {
            HttpReply created = test.post("/orders", "{\"quantity\":3}");
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.header("location")).contains("/orders/1");
            assertThat(created.body()).isEqualTo("{\"id\":\"1\",\"quantity\":3}");
            CheckedDocument document =
                    CheckedDocument.of(test.get("/openapi.json").body());

            JsonNode post = document.operation("post", "/orders");
            assertThat(post.at("/requestBody/content/application~1json/schema/$ref")
                            .stringValue())
                    .isEqualTo("#/components/schemas/NewOrder");
            assertThat(post.at("/responses/201/content/application~1json/schema/$ref")
                            .stringValue())
                    .isEqualTo("#/components/schemas/Order");
            JsonNode get = document.operation("get", "/shops/{shop}/orders");
            assertThat(get.at("/responses/200/content/application~1json/schema/items/$ref")
                            .stringValue())
                    .isEqualTo("#/components/schemas/Order");
            assertThat(get.get("parameters").valueStream().map(JsonNode::toString))
                    .containsExactly(
                            "{\"name\":\"shop\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\",\"format\":\"int64\"}}",
                            "{\"name\":\"limit\",\"in\":\"query\",\"description\":\"How many are returned.\",\"schema\":{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":1,\"maximum\":100,\"default\":20}}",
                            "{\"name\":\"kind\",\"in\":\"query\",\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"in-stock\",\"sold-out\"]}}}",
                            "{\"name\":\"since\",\"in\":\"query\",\"schema\":{\"type\":\"string\",\"format\":\"date\"}}",
                            "{\"name\":\"within\",\"in\":\"query\",\"description\":\"A duration such as 250ms, 30s or 5m, from 1s to 1m.\",\"schema\":{\"type\":\"string\",\"default\":\"30s\"}}",
                            "{\"name\":\"X-Tenant\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"string\"}}");
        }
    }

    @Test
    void whatIsToldOfARouteIsInTheDocument() {
        CheckedDocument document = document(routes -> routes.path(
                "/api", api -> api.describe(route -> route.tags("api").summary("of the group"))
                        .get(
                                "/report",
                                RouteOptions.describe(route -> route.summary("Writes a report")
                                        .description("It may *take* long.")
                                        .operation("report")
                                        .tags("reports")
                                        .query("year", Integer.class, "Which one.")
                                        .header("X-Trace", String.class, "")
                                        .answers(200, "text/csv")
                                        .answers(200, Order.class)
                                        .answers(404)
                                        .meaning(404, "There is no such report.")
                                        .deprecated()),
                                ANY)
                        .post("/report", RouteOptions.describe(route -> route.body("text/csv")), ANY)
                        .get("/secret", RouteOptions.describe(RouteDescription::hide), ANY)
                        .webSocket("/socket", _ -> {})
                        .files("/static", StaticFiles.classPath("io"))));

        assertThat(document.at("/paths").propertyNames()).containsExactly("/api/report");
        JsonNode get = document.operation("get", "/api/report");
        assertThat(get.get("tags")).hasToString("[\"api\",\"reports\"]");
        assertThat(get.get("summary").stringValue()).isEqualTo("Writes a report");
        assertThat(get.get("operationId").stringValue()).isEqualTo("report");
        assertThat(get.get("deprecated").booleanValue()).isTrue();
        assertThat(get.at("/parameters").size()).isEqualTo(2);
        assertThat(get.at("/responses/200/content").propertyNames()).containsExactly("text/csv", "application/json");
        assertThat(get.at("/responses/404"))
                .hasToString(
                        "{\"$ref\":\"#/components/responses/Problem\",\"description\":\"There is no such report.\"}");
        JsonNode post = document.operation("post", "/api/report");
        assertThat(post.get("summary").stringValue()).isEqualTo("of the group");
        assertThat(post.at("/requestBody/content/text~1csv/schema/type").stringValue())
                .isEqualTo("string");
    }

    @Test
    void interceptorsTellWhoMayUseARoute() {
        CheckedDocument document = document(routes -> routes.path(
                        "/admin", admin -> admin.intercept("roles", new Roles(List.of("admin", "operator")))
                                .get("/orders", ANY)
                                .get("/open", RouteOptions.defaults().withoutInterceptor("roles"), ANY))
                .get("/me", RouteOptions.defaults().withInterceptor("roles", new Roles(List.of())), ANY));

        assertThat(document.at("/components/securitySchemes/bearer"))
                .hasToString("{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"}");
        JsonNode orders = document.operation("get", "/admin/orders");
        assertThat(orders.get("security"))
                .hasToString(
                        "[{\"bearer\":[\"admin\"]},{\"bearer\":[\"operator\"]},{\"apiKey\":[\"admin\"]},{\"apiKey\":[\"operator\"]}]");
        assertThat(orders.get("responses").propertyNames()).containsExactly("2XX", "401", "403", "default");
        assertThat(document.operation("get", "/admin/open").has("security")).isFalse();
        assertThat(document.operation("get", "/me").get("responses").propertyNames())
                .containsExactly("2XX", "401", "default");
    }

    @Test
    void codeThatFailsToDescribeHarmsNothingElse() {
        try (LynxTest test = start(routes -> routes.get(
                        "/odd",
                        RouteOptions.describe(route -> {
                            throw new IllegalStateException("no words");
                        }),
                        ANY)
                .get("/bad", RouteOptions.describe(route -> route.answers(7)), ANY)
                .get("/fine", RouteOptions.describe(route -> route.summary("Fine")), ANY))) {
            CheckedDocument document =
                    CheckedDocument.of(test.get("/openapi.json").body());

            assertThat(document.operation("get", "/fine").get("summary").stringValue())
                    .isEqualTo("Fine");
            assertThat(document.operation("get", "/odd").has("summary")).isFalse();
            assertThat(test.logs().all()).anyMatch(line -> line.toString().contains("Description of GET /odd failed"));
        }
    }

    @Test
    void theOrderOfRoutesDoesNotMatter() {
        String one = text(
                routes -> routes.get("/a", described()).post("/b", described()).put("/a", described()));
        String other = text(
                routes -> routes.put("/a", described()).post("/b", described()).get("/a", described()));

        assertThat(one).isEqualTo(other);
    }

    private static TypedHandler described() {
        return TypedHandler.body(NewOrder.class).answers(Order.class).by((_, _, _) -> new Order("", 0));
    }

    @Test
    void operationsWithTheSameNameAreNumbered() {
        CheckedDocument document = document(routes -> routes.get("/a-b", ANY).get("/a/b", ANY));

        assertThat(document.operation("get", "/a-b").get("operationId").stringValue())
                .isEqualTo("getAB");
        assertThat(document.operation("get", "/a/b").get("operationId").stringValue())
                .isEqualTo("getAB_2");
    }

    @Test
    void clientsKeepTheDocumentUntilRoutesChange() throws Exception {
        try (LynxTest test = start(routes -> routes.get("/orders", ANY))) {
            String etag = test.get("/openapi.json").header("etag").orElseThrow();
            HttpRequest again = HttpRequest.newBuilder(test.url().resolve("/openapi.json"))
                    .header("If-None-Match", "\"other\", W/" + etag)
                    .build();
            HttpResponse<String> unchanged = test.http().send(again, HttpResponse.BodyHandlers.ofString());

            assertThat(unchanged.statusCode()).isEqualTo(304);
            assertThat(unchanged.headers().firstValue("etag")).contains(etag);

            test.resource(HttpServer.ROUTES).add(test.context("openapi"), routes -> routes.get("/late", ANY));
            HttpResponse<String> changed = test.http().send(again, HttpResponse.BodyHandlers.ofString());

            assertThat(changed.statusCode()).isEqualTo(200);
            CheckedDocument document = CheckedDocument.of(changed.body());
            assertThat(document.at("/paths").propertyNames()).containsExactly("/late", "/orders");
        }
    }

    @Test
    void aPluginThatIsRestartedKeepsItsRoutesInTheDocument() {
        try (LynxTest test = start(routes -> routes.get("/orders", described()))) {
            String before = test.get("/openapi.json").body();
            test.restart("openapi");

            assertThat(test.get("/openapi.json").body()).isEqualTo(before);
        }
    }

    @Test
    void thePathAndTheHiddenPluginsAreConfigured() {
        try (LynxTest test = start(
                routes -> routes.get("/orders", ANY),
                "lynx.openapi.path",
                "/api/spec.json",
                "lynx.openapi.hidden_plugins",
                "[openapi]")) {
            test.resource(HttpServer.ROUTES).add(test.context("openapi"), routes -> routes.get("/late", ANY));

            assertThat(test.get("/openapi.json").status()).isEqualTo(404);
            CheckedDocument document =
                    CheckedDocument.of(test.get("/api/spec.json").body());
            assertThat(document.at("/paths").propertyNames()).containsExactly("/orders");
        }
    }

    @Test
    void requiresACallerAsOtherRoutesUnlessItIsOpened() {
        Consumer<Routes> closed =
                routes -> routes.access(AccessRule.authenticated()).get("/orders", ANY);
        try (LynxTest test = start(closed, "lynx.openapi.ui", "true")) {
            assertThat(test.get("/openapi.json").status()).isEqualTo(401);
            assertThat(test.get("/openapi/").status()).isEqualTo(401);
        }
        try (LynxTest test = start(closed, "lynx.openapi.ui", "true", "lynx.openapi.anonymous", "true")) {
            assertThat(test.get("/openapi/").status()).isEqualTo(200);
            CheckedDocument document =
                    CheckedDocument.of(test.get("/openapi.json").body());
            assertThat(document.operation("get", "/orders").get("responses").propertyNames())
                    .containsExactly("2XX", "401", "default");
            assertThat(test.get("/orders").status()).isEqualTo(401);
        }
    }

    @Test
    void otherOriginsReadItAsOtherRoutes() throws Exception {
        try (LynxTest test = start(
                routes -> routes.get("/orders", ANY), "lynx.http.cors.allowed_origins", "[https://shop.example]")) {
            HttpRequest request = HttpRequest.newBuilder(test.url().resolve("/openapi.json"))
                    .header("Origin", "https://shop.example")
                    .build();
            HttpResponse<String> answer = test.http().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .contains("https://shop.example");
        }
    }
}
