package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.admin.AdminPlugin;
import io.lynx.admin.ServicePages;
import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.security.Principal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server is guarded whatever restarts, and the endpoints of operators are not affected. */
class GuardedServerTest {
    private static final String AUTHORIZATION = "Authorization";

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
        response.send(RequestContext.current().principal().map(Principal::name).orElse("nobody") + " "
                + request.text().length());
    }

    private void routes(Routes http) {
        http.get("/plain", GuardedServerTest::tellWho)
                .get("/public", RouteOptions.defaults().withAccess(AccessRule.anonymous()), GuardedServerTest::tellWho)
                .get(
                        "/admin/a",
                        RouteOptions.defaults().withAccess(AccessRule.roles("admin")),
                        GuardedServerTest::tellWho);
    }

    private String[] bearer(String... roles) {
        Map<String, Object> claims = Issuer.claims(Instant.now());
        claims.put("iss", provider.url());
        claims.put("roles", List.of(roles));
        return new String[] {AUTHORIZATION, "Bearer " + Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims)};
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("www-authenticate").orElse("");
    }

    /** Adds a route without a rule. */
    private static final class Reports implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("reports").requires("http").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(HttpServer.ROUTES)
                    .add(context, http -> http.get("/reports", (_, response) -> response.send("report")));
        }
    }

    @Test
    void routesOfOtherPluginsAndOfARestartedServerAreGuarded() throws Exception {
        try (SecuredService service = SecuredService.start(
                this::routes, new SecurityPlugin(), List.of(new Reports()), SecuredService.issuer(provider))) {
            for (String restarted : List.of("", "reports", "security", "http")) {
                if (!restarted.isEmpty()) {
                    service.application.restart(restarted);
                }
                assertThat(service.status("/reports")).as("after " + restarted).isEqualTo(401);
                assertThat(service.get("/reports", bearer()).body()).isEqualTo("report");
                assertThat(service.status("/plain")).isEqualTo(401);
                assertThat(service.get("/public").body()).isEqualTo("nobody 0");
            }
        }
    }

    @Test
    void aRestartCanSwitchItOffAndOnAgain(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("config.yml");
        Files.writeString(file, "lynx: {security: {enabled: true}}");
        try (SecuredService service = SecuredService.start(
                directory, this::routes, new SecurityPlugin(), List.of(), SecuredService.issuer(provider))) {
            assertThat(service.status("/plain")).isEqualTo(401);

            Files.writeString(file, "lynx: {security: {enabled: false}}");
            var _ = service.application.reload();
            service.application.restart("security");
            assertThat(service.status("/plain")).isEqualTo(200);
            assertThat(service.status("/admin/a", bearer("admin"))).isEqualTo(401);

            Files.writeString(file, "lynx: {security: {enabled: true}}");
            var _ = service.application.reload();
            service.application.restart("security");
            assertThat(service.status("/plain")).isEqualTo(401);
            assertThat(service.status("/admin/a", bearer("admin"))).isEqualTo(200);
        }
    }

    @Test
    void operationsEndpointsHaveRulesOfTheirOwn() throws Exception {
        String[] settings = SecuredService.issuer(provider);
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "admin.token=0123456789abcdef";
        try (SecuredService service = SecuredService.start(
                this::routes, new SecurityPlugin(), List.of(new AdminPlugin(), new ServicePages()), all)) {
            assertThat(service.status("/health/live")).isEqualTo(200);
            assertThat(service.status("/health/ready")).isEqualTo(200);
            assertThat(service.status("/health", AUTHORIZATION, "Bearer rubbish"))
                    .isEqualTo(200);
            assertThat(service.status(
                            "/debug/config",
                            AUTHORIZATION,
                            "Bearer 0123456789abcdef",
                            "X-Forwarded-For",
                            "203.0.113.1"))
                    .isEqualTo(200);
            assertThat(service.get("/debug/config", AUTHORIZATION, "Bearer 0123456789abcdef")
                            .body())
                    .contains("lynx.security.default");
            assertThat(service.status("/debug/config", "X-Forwarded-For", "203.0.113.1"))
                    .isEqualTo(404);
            assertThat(service.status("/plain", AUTHORIZATION, "Bearer 0123456789abcdef"))
                    .isEqualTo(401);
        }
    }

    @Test
    void passwordsAreNotAcceptedInClearText() {
        assertThatThrownBy(() -> SecuredService.start(
                        this::routes,
                        "security.basic.users.ops.password="
                                + PasswordHash.of("correct horse".toCharArray(), new byte[16], 100_000)
                                        .text()))
                .hasMessageContaining("allow_clear_text: true");
        assertThatThrownBy(() -> SecuredService.start(this::routes))
                .hasMessageContaining("nothing is configured by which a caller could be identified");
    }

    @Test
    void aServiceWithoutSecurityKeepsItsRulesClosed() throws Exception {
        try (SecuredService service = SecuredService.start(this::routes, "security.enabled=false")) {
            assertThat(service.get("/plain").body()).isEqualTo("nobody 0");
            HttpResponse<String> refused = service.get("/admin/a", bearer("admin"));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(challenge(refused)).isEqualTo("Bearer");
        }
    }
}
