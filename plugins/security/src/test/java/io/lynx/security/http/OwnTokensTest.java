package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.security.Authenticator;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Authenticator.Credentials;
import io.lynx.security.Principal;
import io.lynx.testkit.LynxTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bearer tokens that only a check of the application's own knows, beside configured ones. */
class OwnTokensTest {
    private static final List<String> JUDGED = List.of("/plain", "/fast", "/either", "/admin");

    private final List<String> checked = new CopyOnWriteArrayList<>();
    private ProviderStub provider;

    @BeforeEach
    void startProvider() throws Exception {
        provider = new ProviderStub();
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private static void tellWho(Request request, Response response) {
        response.send(RequestContext.current().principal().map(Principal::name).orElse("nobody"));
    }

    private static void routes(Routes http) {
        http.get("/plain", OwnTokensTest::tellWho)
                .get("/fast", RouteOptions.nonBlocking(), OwnTokensTest::tellWho)
                .get("/either", RouteOptions.defaults().withAccess(AccessRule.optional()), OwnTokensTest::tellWho)
                .get("/admin", RouteOptions.defaults().withAccess(AccessRule.roles("admin")), OwnTokensTest::tellWho)
                .get("/public", RouteOptions.defaults().withAccess(AccessRule.anonymous()), OwnTokensTest::tellWho);
    }

    /** Personal access tokens: {@code pat_} and the name of the caller. */
    private Optional<Principal> personal(Credentials credentials) throws AuthenticationException {
        String token = credentials.bearerToken().orElse("");
        checked.add(token);
        if (token.equals("pat_revoked")) {
            throw new AuthenticationException("token: revoked");
        }
        return token.startsWith("pat_") ? Optional.of(Principal.of(token.substring(4))) : Optional.empty();
    }

    /** A check that reads something else than tokens. */
    private static Optional<Principal> signature(Credentials credentials) {
        return credentials.header("X-Signature").map(Principal::of);
    }

    private LynxTest.Builder service(Authenticator... own) {
        return LynxTest.of(HttpServer.with(OwnTokensTest::routes), SecurityPlugin.with(own))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0");
    }

    private LynxTest.Builder withIssuer(Authenticator... own) {
        return service(own)
                .with("lynx.security.issuers.main.issuer", provider.url())
                .with("lynx.security.issuers.main.audiences", "orders");
    }

    private String jwt(String issuer) {
        Map<String, Object> claims = Issuer.claims(Instant.now());
        claims.put("iss", issuer);
        return Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims);
    }

    private static HttpResponse<String> get(LynxTest service, String path, String token, String... more)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(service.url().resolve(path)).header("Authorization", "Bearer " + token);
        if (more.length > 0) {
            request.headers(more);
        }
        return service.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Optional<Principal> identified(LynxTest service, String token) throws Exception {
        return service.resource(Authenticator.KEY).authenticate(FakeCredentials.bearer(token));
    }

    private static void assertRefusedEverywhere(LynxTest service, String token) throws Exception {
        for (String path : JUDGED) {
            assertThat(get(service, path, token).statusCode())
                    .as(path + " with " + token)
                    .isEqualTo(401);
        }
        assertThat(get(service, "/public", token).body()).isEqualTo("nobody");
        assertThatThrownBy(() -> identified(service, token)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void areCheckedBesideIssuers() throws Exception {
        try (LynxTest service = withIssuer(this::personal).start()) {
            assertThat(get(service, "/plain", "pat_bob").body()).isEqualTo("bob");
            assertThat(get(service, "/fast", "pat_bob").body()).isEqualTo("bob");
            assertThat(get(service, "/either", "pat_bob").body()).isEqualTo("bob");
            assertThat(get(service, "/admin", "pat_bob").statusCode()).isEqualTo(403);
            assertThat(get(service, "/plain", "pat_a.b.c").body()).isEqualTo("a.b.c");
            assertThat(identified(service, "pat_bob")).contains(Principal.of("bob"));

            assertThat(get(service, "/plain", jwt(provider.url())).body()).isEqualTo("alice");
            assertThat(identified(service, jwt(provider.url()))).isPresent();
            assertThat(service.get("/either").body()).isEqualTo("nobody");
            assertThat(service.resource(Authenticator.KEY).authenticate(FakeCredentials.with("x-other", "1")))
                    .isEmpty();
        }
    }

    @Test
    void areCheckedBesideTokensForDevelopment() throws Exception {
        List<String> printed = new CopyOnWriteArrayList<>();
        DeveloperTerminal terminal = new DeveloperTerminal(printed::add, Set.of(4711L), Set.of());
        try (LynxTest service = LynxTest.of(
                        HttpServer.with(OwnTokensTest::routes),
                        new SecurityPlugin(List.of(this::personal), () -> terminal))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .with("lynx.security.development_callers.ada", "clerk")
                .start()) {
            assertThat(printed).hasSize(1);
            assertThat(get(service, "/plain", "pat_bob").body()).isEqualTo("bob");
            assertRefusedEverywhere(service, "rubbish");
        }
    }

    @Test
    void thatNoCheckAcceptsAreInvalidOnEveryRoute() throws Exception {
        try (LynxTest service =
                withIssuer(this::personal, OwnTokensTest::signature).start()) {
            for (String token : List.of("rubbish", "pat_revoked", "a.b.c", jwt("https://other.example"))) {
                assertRefusedEverywhere(service, token);
            }
            assertThat(get(service, "/either", "rubbish").headers().firstValue("www-authenticate"))
                    .hasValue("Bearer realm=\"service\", error=\"invalid_token\"");
        }
    }

    @Test
    void thatNoCheckReadsAreInvalidWithoutIssuersToo() throws Exception {
        try (LynxTest service = service(OwnTokensTest::signature).start()) {
            assertRefusedEverywhere(service, "rubbish");
            assertThat(get(service, "/plain", "rubbish", "X-Signature", "carol").body())
                    .as("nothing here checks tokens")
                    .isEqualTo("carol");
        }
        try (LynxTest service = service()
                .with("lynx.security.api_keys.clients.ci.keys.main", TokenDigest.hex("the-key"))
                .start()) {
            assertRefusedEverywhere(service, "rubbish");
        }
    }

    @Test
    void ofAConfiguredIssuerAreNeverLeftToOthers() throws Exception {
        String valid = jwt(provider.url());
        String unsigned = Issuer.base64("{\"alg\":\"none\"}") + valid.substring(valid.indexOf('.'));
        try (LynxTest service = withIssuer(this::personal).start()) {
            for (String token : List.of(valid + "AAAA", valid.substring(0, valid.length() - 8), unsigned)) {
                assertRefusedEverywhere(service, token);
            }
            assertThat(checked).isEmpty();
        }
    }

    @Test
    void areNotIgnoredBesideAnotherCredential() throws Exception {
        try (LynxTest service =
                withIssuer(OwnTokensTest::signature, this::personal).start()) {
            assertThat(get(service, "/plain", "rubbish", "X-Signature", "carol").statusCode())
                    .isEqualTo(401);
            assertThat(get(service, "/either", "rubbish", "X-Signature", "carol")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get(service, "/plain", "pat_bob", "X-Signature", "carol").body())
                    .isEqualTo("bob");
            assertThat(get(service, "/plain", jwt(provider.url()), "X-Signature", "carol")
                            .body())
                    .isEqualTo("alice");
            assertThat(get(service, "/plain", "pat_bob", "Authorization", "Bearer pat_eve")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void areCheckedAtTheProviderIfThereIsIntrospection() throws Exception {
        try (LynxTest service = withIssuer(this::personal)
                .with("lynx.security.introspection.url", provider.url() + "/introspect")
                .with("lynx.security.introspection.client_id", "orders")
                .with("lynx.security.introspection.client_secret", "hush")
                .with("lynx.security.introspection.audiences", "orders")
                .with("lynx.security.introspection.allow_http", "true")
                .start()) {
            assertRefusedEverywhere(service, "pat_bob");
            assertRefusedEverywhere(service, "a.b.c");
            assertThat(provider.introspections).hasValue(2);
            assertThat(checked).isEmpty();
        }
    }
}
