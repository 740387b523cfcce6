package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.security.Principal;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may call which routes, over real connections. */
class SecuredRoutesTest {
    private static final String AUTHORIZATION = "Authorization";

    private final AtomicInteger calls = new AtomicInteger();
    private ProviderStub provider;

    @BeforeEach
    void startProvider() throws Exception {
        provider = new ProviderStub();
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private void tellWho(Request request, Response response) {
        calls.incrementAndGet();
        response.send(RequestContext.current().principal().map(Principal::name).orElse("nobody") + " "
                + request.text().length());
    }

    private void routes(Routes http) {
        http.get("/plain", this::tellWho)
                .post("/plain", this::tellWho)
                .get("/public", RouteOptions.defaults().withAccess(AccessRule.anonymous()), this::tellWho)
                .get("/either", RouteOptions.defaults().withAccess(AccessRule.optional()), this::tellWho)
                .get("/fast", RouteOptions.nonBlocking(), this::tellWho)
                .post("/fast", RouteOptions.nonBlocking(), this::tellWho)
                .path("/admin", admin -> admin.access(AccessRule.roles("admin", "root"))
                        .get("/a", this::tellWho)
                        .get("/open", RouteOptions.defaults().withAccess(AccessRule.anonymous()), this::tellWho))
                .path("/pages", pages -> pages.access(AccessRule.anonymous())
                        .get("/a", this::tellWho)
                        .get("/mine", RouteOptions.defaults().withAccess(AccessRule.authenticated()), this::tellWho));
    }

    private String token(String... roles) {
        Map<String, Object> claims = Issuer.claims(Instant.now());
        claims.put("iss", provider.url());
        claims.put("roles", List.of(roles));
        return Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims);
    }

    private String[] bearer(String... roles) {
        return new String[] {AUTHORIZATION, "Bearer " + token(roles)};
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("www-authenticate").orElse("");
    }

    @Test
    void theInnermostRuleApplies() throws Exception {
        try (SecuredService service = SecuredService.start(this::routes, SecuredService.issuer(provider))) {
            assertThat(service.status("/plain")).isEqualTo(401);
            assertThat(service.get("/plain", bearer()).body()).isEqualTo("alice 0");
            assertThat(service.status("/fast")).isEqualTo(401);
            assertThat(service.get("/fast", bearer()).body()).isEqualTo("alice 0");
            assertThat(service.get("/public").body()).isEqualTo("nobody 0");
            assertThat(service.get("/public", AUTHORIZATION, "Bearer rubbish").body())
                    .isEqualTo("nobody 0");
            assertThat(service.get("/either").body()).isEqualTo("nobody 0");
            assertThat(service.get("/either", bearer()).body()).isEqualTo("alice 0");
            assertThat(service.status("/either", AUTHORIZATION, "Bearer rubbish"))
                    .isEqualTo(401);
            assertThat(service.status("/admin/a")).isEqualTo(401);
            assertThat(service.status("/admin/a", bearer("reader"))).isEqualTo(403);
            assertThat(service.status("/admin/a", bearer("Admin"))).isEqualTo(403);
            assertThat(service.get("/admin/a", bearer("admin")).body()).isEqualTo("alice 0");
            assertThat(service.get("/admin/a", bearer("reader", "root")).body()).isEqualTo("alice 0");
            assertThat(service.get("/admin/open").body()).isEqualTo("nobody 0");
            assertThat(service.get("/pages/a").body()).isEqualTo("nobody 0");
            assertThat(service.status("/pages/mine")).isEqualTo(401);
            assertThat(service.get("/pages/mine", bearer()).body()).isEqualTo("alice 0");
            // Which paths exist is not for strangers.
            assertThat(service.status("/nothing")).isEqualTo(401);
            assertThat(service.status("/nothing", bearer())).isEqualTo(404);
            assertThat(service.send("DELETE", "/plain", "").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void refusalsSayWhatIsNeededAndNoMore() throws Exception {
        try (SecuredService service = SecuredService.start(this::routes, SecuredService.issuer(provider))) {
            HttpResponse<String> missing = service.get("/plain");
            assertThat(missing.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(challenge(missing)).isEqualTo("Bearer realm=\"service\"");
            assertThat(missing.body()).contains("\"status\":401", "authentication is required", "request_id");

            HttpResponse<String> invalid = service.get("/plain", AUTHORIZATION, "Bearer " + token() + "x");
            assertThat(invalid.statusCode()).isEqualTo(401);
            assertThat(challenge(invalid)).isEqualTo("Bearer realm=\"service\", error=\"invalid_token\"");
            assertThat(invalid.body()).doesNotContain("signature", "expired", "key", "iss");

            HttpResponse<String> forbidden = service.get("/admin/a", bearer("reader"));
            assertThat(challenge(forbidden)).isEqualTo("Bearer realm=\"service\", error=\"insufficient_scope\"");
            assertThat(forbidden.body()).contains("\"status\":403").doesNotContain("admin", "root");
        }
    }

    @Test
    void credentialsAreReadFromOneHeaderOnly() throws Exception {
        try (SecuredService service = SecuredService.start(this::routes, SecuredService.issuer(provider))) {
            String token = token();
            assertThat(service.status("/plain?access_token=" + token)).isEqualTo(401);
            assertThat(service.status("/plain", "Cookie", "Authorization=" + token))
                    .isEqualTo(401);
            HttpResponse<String> twice =
                    service.get("/plain", AUTHORIZATION, "Bearer " + token, AUTHORIZATION, "Bearer " + token);
            assertThat(twice.statusCode()).isEqualTo(400);
            assertThat(challenge(twice)).contains("error=\"invalid_request\"");
            assertThat(service.status("/plain", AUTHORIZATION, "bearer   " + token))
                    .isEqualTo(200);
            for (String odd : List.of(
                    "Bearer", "Bearer ", token, "Bearer " + token + ", Bearer " + token, "Digest x", "Basic YTpi")) {
                assertThat(service.status("/plain", AUTHORIZATION, odd)).as(odd).isEqualTo(401);
            }
            assertThat(service.status("/plain", AUTHORIZATION, "Bearer " + "a".repeat(12_000)))
                    .isEqualTo(401);
        }
    }

    @Test
    void requestsAreJudgedBeforeTheirBodies() throws Exception {
        calls.set(0);
        try (SecuredService service = SecuredService.start(this::routes, SecuredService.issuer(provider))) {
            for (String path : List.of("/plain", "/fast", "/nothing")) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.server.port())) {
                    socket.setSoTimeout(20_000);
                    OutputStream out = socket.getOutputStream();
                    out.write(("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    InputStream in = socket.getInputStream();
                    assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 401");
                }
            }
            assertThat(calls).hasValue(0);
            assertThat(service.send("POST", "/plain", "12345", bearer()).body()).isEqualTo("alice 5");
            assertThat(service.send("POST", "/fast", "12345", bearer()).body()).isEqualTo("alice 5");
        }
    }

    @Test
    void theDefaultCanBeOpen() throws Exception {
        String[] settings = SecuredService.issuer(provider);
        String[] open = Arrays.copyOf(settings, settings.length + 1);
        open[settings.length] = "security.default=anonymous";
        try (SecuredService service = SecuredService.start(this::routes, open)) {
            assertThat(service.get("/plain").body()).isEqualTo("nobody 0");
            assertThat(service.status("/nothing")).isEqualTo(404);
            assertThat(service.status("/admin/a")).isEqualTo(401);
        }
    }

    @Test
    void keysAndPasswordsWorkBesideTokens() throws Exception {
        String[] settings = {
            "security.realm=shop",
            "security.api_keys.clients.ci.keys.main=" + TokenDigest.hex("the-key"),
            "security.api_keys.clients.ci.roles=admin",
            "security.basic.allow_clear_text=true",
            "security.basic.attempts=2",
            "security.basic.users.ops.password="
                    + PasswordHash.of("correct horse".toCharArray(), new byte[16], 100_000)
                            .text()
        };
        try (SecuredService service = SecuredService.start(this::routes, settings)) {
            assertThat(challenge(service.get("/plain")))
                    .isEqualTo("ApiKey realm=\"shop\", header=\"X-API-Key\", Basic realm=\"shop\", charset=\"UTF-8\"");
            assertThat(service.get("/admin/a", "X-API-Key", "the-key").body()).isEqualTo("ci 0");
            assertThat(service.status("/plain", "X-API-Key", "another")).isEqualTo(401);
            assertThat(service.status("/plain", "X-API-Key", "the-key", "X-API-Key", "the-key"))
                    .isEqualTo(400);
            String basic = "Basic b3BzOmNvcnJlY3QgaG9yc2U=";
            assertThat(service.get("/plain", AUTHORIZATION, basic).body()).isEqualTo("ops 0");
            assertThat(service.status("/admin/a", AUTHORIZATION, basic)).isEqualTo(403);
            assertThat(service.status("/plain", AUTHORIZATION, basic, "X-API-Key", "the-key"))
                    .isEqualTo(400);
            assertThat(service.status("/plain", AUTHORIZATION, "Basic b3BzOndyb25n"))
                    .isEqualTo(401);
            assertThat(service.status("/plain", AUTHORIZATION, "Basic b3BzOndyb25n"))
                    .isEqualTo(401);
            HttpResponse<String> limited = service.get("/plain", AUTHORIZATION, "Basic b3BzOndyb25n");
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("retry-after")).isPresent();
            assertThat(service.status("/plain", AUTHORIZATION, "Bearer x")).isEqualTo(401);
        }
    }

    @Test
    void theApplicationMayAddItsOwnChecks() throws Exception {
        SecurityPlugin security = SecurityPlugin.with(
                credentials -> switch (credentials.header("x-user").orElse("")) {
                    case "" -> Optional.empty();
                    case "broken" -> throw new IllegalStateException("expected by the test");
                    case String name -> Optional.of(Principal.of(name));
                });
        try (SecuredService service = SecuredService.start(this::routes, security, List.of())) {
            assertThat(service.get("/plain", "X-User", "carol").body()).isEqualTo("carol 0");
            assertThat(service.get("/fast", "X-User", "carol").body()).isEqualTo("carol 0");
            assertThat(service.status("/plain")).isEqualTo(401);
            assertThat(service.status("/plain", "X-User", "broken")).isEqualTo(503);
        }
    }
}
