package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The plugin with the provider of {@code no.nav.security:mock-oauth2-server}: discovery, keys and tokens that this project has not made.
 * It is called by reflection, so that its libraries matter at run time only.
 */
class MockProviderTest {
    private Object provider;

    @BeforeEach
    void startProvider() throws Exception {
        Class<?> type = Class.forName("no.nav.security.mock.oauth2.MockOAuth2Server");
        Class<?> routes = Class.forName("[Lno.nav.security.mock.oauth2.http.Route;");
        provider = type.getConstructor(routes).newInstance(Array.newInstance(routes.getComponentType(), 0));
        call("start", List.of(InetAddress.class, int.class), InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stopProvider() throws Exception {
        call("shutdown", List.of());
    }

    private Object call(String name, List<Class<?>> types, Object... arguments) throws Exception {
        Method method = provider.getClass().getMethod(name, types.toArray(Class<?>[]::new));
        return method.invoke(provider, arguments);
    }

    private String issuer() throws Exception {
        return String.valueOf(call("issuerUrl", List.of(String.class), "shop"));
    }

    /** A token with claims of the test. */
    private String token(String audience, Map<String, Object> claims, long seconds) throws Exception {
        Class<?> callbackType = Class.forName("no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback");
        Object callback = callbackType
                .getConstructor(String.class, String.class, String.class, List.class, Map.class, long.class)
                .newInstance("shop", "alice", "JWT", List.of(audience), claims, seconds);
        Object token = call(
                "issueToken",
                List.of(
                        String.class,
                        String.class,
                        Class.forName("no.nav.security.mock.oauth2.token.OAuth2TokenCallback")),
                "shop",
                "client",
                callback);
        return String.valueOf(token.getClass().getMethod("serialize").invoke(token));
    }

    private static void routes(Routes http) {
        http.get(
                        "/who",
                        (_, response) -> response.send(RequestContext.current()
                                .principal()
                                .orElseThrow()
                                .toString()))
                .get(
                        "/admin",
                        RouteOptions.defaults().withAccess(AccessRule.roles("admin")),
                        (_, response) -> response.send("ok"));
    }

    @Test
    void itsTokensAreAcceptedAsTheClaimsSay() throws Exception {
        try (SecuredService service = SecuredService.start(
                MockProviderTest::routes,
                "security.issuers.shop.issuer=" + issuer(),
                "security.issuers.shop.audiences=orders",
                "security.issuers.shop.roles_claims=groups")) {
            String admin = token("orders", Map.of("groups", List.of("admin")), 300);
            assertThat(service.get("/who", "Authorization", "Bearer " + admin).body())
                    .isEqualTo("alice [admin]");
            assertThat(service.status("/admin", "Authorization", "Bearer " + admin))
                    .isEqualTo(200);
            String reader = token("orders", Map.of("groups", List.of("reader")), 300);
            assertThat(service.status("/admin", "Authorization", "Bearer " + reader))
                    .isEqualTo(403);
            assertThat(service.status("/who", "Authorization", "Bearer " + token("payments", Map.of(), 300)))
                    .isEqualTo(401);
            assertThat(service.status("/who", "Authorization", "Bearer " + token("orders", Map.of(), -3600)))
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenOfTheClientCredentialsGrantIsAccepted() throws Exception {
        HttpResponse<String> granted;
        try (HttpClient client = HttpClient.newHttpClient()) {
            granted = client.send(
                    HttpRequest.newBuilder(URI.create(issuer() + "/token"))
                            .timeout(Duration.ofSeconds(30))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "grant_type=client_credentials&client_id=billing&client_secret=x&scope=orders"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
        Object token = StrictJson.object(granted.body()).get("access_token");
        try (SecuredService service = SecuredService.start(
                MockProviderTest::routes,
                "security.issuers.shop.issuer=" + issuer(),
                "security.issuers.shop.audiences=orders")) {
            assertThat(service.get("/who", "Authorization", "Bearer " + token).body())
                    .isEqualTo("billing");
        }
    }
}
