package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteOptions;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The code of the guide on security. */
class SecurityGuideTest {
    private static final String KEY = "security.api_keys.clients.ci.keys.main=" + TokenDigest.hex("the-key");

    /** An order as the guide's routes write it. */
    public record Order(String id, String customer) {}

    @Test
    void rules() throws Exception {
        try (SecuredService service = SecuredService.start(
                http -> {
                    // snippet: security-rules
                    http.get(
                                    "/prices",
                                    RouteOptions.defaults().withAccess(AccessRule.anonymous()),
                                    (_, response) -> response.json(List.of(7, 9)))
                            .path("/orders", orders -> orders.access(AccessRule.roles("clerk", "manager"))
                                    .get(
                                            "/{id}",
                                            (request, response) ->
                                                    response.json(new Order(request.path("id"), "alice")))
                                    .delete(
                                            "/{id}",
                                            RouteOptions.defaults().withAccess(AccessRule.roles("manager")),
                                            (_, response) -> response.noContent()));
                    // end
                },
                KEY,
                "security.api_keys.clients.ci.roles=clerk")) {
            assertThat(service.status("/prices")).isEqualTo(200);
            assertThat(service.status("/orders/7")).isEqualTo(401);
            assertThat(service.status("/orders/7", "X-API-Key", "the-key")).isEqualTo(200);
            assertThat(service.send("DELETE", "/orders/7", "", "X-API-Key", "the-key")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void principal() throws Exception {
        try (SecuredService service = SecuredService.start(
                http -> {
                    // snippet: security-principal
                    http.get("/orders", (_, response) -> {
                        Principal caller = RequestContext.current().principal().orElseThrow();
                        response.json(List.of(new Order("A-17", caller.name())));
                    });
                    // end
                },
                KEY)) {
            assertThat(service.get("/orders", "X-API-Key", "the-key").body()).contains("\"customer\":\"ci\"");
        }
    }

    @Test
    void application() throws Exception {
        HttpServer server = HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")));
        // snippet: security-application
        Application.Builder service = Application.builder().plugin(server).plugin(new SecurityPlugin());
        // end
        try (Application application = service.discoverPlugins(false)
                .set("lynx.application.name", "guide")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx." + KEY.substring(0, KEY.indexOf('=')), KEY.substring(KEY.indexOf('=') + 1))
                .build()) {
            application.start();
            assertThat(application.urls()).isNotEmpty();
        }
    }

    private static Optional<String> tenantOf(String signature) throws AuthenticationException {
        if (!signature.equals("right")) {
            throw new AuthenticationException("signature: wrong");
        }
        return Optional.of("tenant-1");
    }

    @Test
    void ownCheck() throws Exception {
        // snippet: security-own
        SecurityPlugin security = SecurityPlugin.with(credentials -> {
            Optional<String> signature = credentials.header("X-Signature");
            if (signature.isEmpty()) {
                return Optional.empty(); // another check may know the caller
            }
            String tenant = tenantOf(signature.get()).orElseThrow();
            return Optional.of(new Principal(tenant, Set.of("tenant"), Map.of()));
        });
        // end
        try (SecuredService service = SecuredService.start(
                http -> http.get("/", (_, response) -> response.send("ok")), security, List.of())) {
            HttpResponse<String> right = service.get("/", "X-Signature", "right");
            assertThat(right.statusCode()).isEqualTo(200);
            assertThat(service.status("/", "X-Signature", "wrong")).isEqualTo(401);
        }
    }
}
