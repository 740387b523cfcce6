package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.AccessRule;
import io.lynx.http.DescribedRoute;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.SecurityScheme;
import io.lynx.testkit.LynxTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What documents such as that of OpenAPI learn about who may use a route, and how. */
class DescribedAccessTest {
    private static void routes(Routes http) {
        http.get("/plain", (_, response) -> response.send("ok"))
                .get(
                        "/open",
                        RouteOptions.defaults().withAccess(AccessRule.anonymous()),
                        (_, response) -> response.send(""))
                .get(
                        "/both",
                        RouteOptions.defaults().withAccess(AccessRule.optional()),
                        (_, response) -> response.send(""))
                .path("/admin", admin -> admin.access(AccessRule.roles("operator", "admin"))
                        .get("/users", (_, response) -> response.send("")));
    }

    private static LynxTest.Builder service() {
        return LynxTest.of(HttpServer.with(DescribedAccessTest::routes), new SecurityPlugin())
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0");
    }

    private static DescribedRoute route(LynxTest service, String template) {
        return service.resource(HttpServer.ROUTES).described().stream()
                .filter(route -> route.template().equals(template))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rulesAndWaysToAuthenticateAreTold() {
        try (LynxTest service = service()
                .with("lynx.security.api_keys.clients.ci.keys.main", TokenDigest.hex("the-key"))
                .with("lynx.security.introspection.url", "https://id.example/introspect")
                .with("lynx.security.introspection.client_id", "orders")
                .with("lynx.security.introspection.client_secret", "hush")
                .with("lynx.security.introspection.audiences", "orders")
                .start()) {
            assertThat(route(service, "/plain").access()).isEqualTo(DescribedRoute.Access.AUTHENTICATED);
            assertThat(route(service, "/plain").roles()).isEmpty();
            assertThat(route(service, "/plain").schemes())
                    .isEqualTo(List.of(SecurityScheme.bearer(""), SecurityScheme.apiKey("X-API-Key")));
            assertThat(route(service, "/open").access()).isEqualTo(DescribedRoute.Access.ANYONE);
            assertThat(route(service, "/both").access()).isEqualTo(DescribedRoute.Access.OPTIONAL);
            assertThat(route(service, "/admin/users").roles()).containsExactly("admin", "operator");
        }
    }

    @Test
    void aServiceWithoutAuthenticationTellsItsRules() {
        try (LynxTest service = service().with("lynx.security.enabled", "false").start()) {
            assertThat(route(service, "/plain").access()).isEqualTo(DescribedRoute.Access.ANYONE);
            assertThat(route(service, "/admin/users").access()).isEqualTo(DescribedRoute.Access.AUTHENTICATED);
            assertThat(route(service, "/admin/users").schemes()).isEmpty();
        }
    }
}
