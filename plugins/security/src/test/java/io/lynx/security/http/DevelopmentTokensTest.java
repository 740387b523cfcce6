package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.ManualTime;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tokens for development: where they are made, where they are shown, and what they are good for. */
class DevelopmentTokensTest {
    private static final Set<Long> ORDINARY = Set.of(4711L, 4700L, 4600L);

    private final List<String> printed = new CopyOnWriteArrayList<>();

    private DeveloperTerminal terminal() {
        return new DeveloperTerminal(printed::add, ORDINARY, Set.of("PATH"));
    }

    private LynxTest.Builder service(DeveloperTerminal terminal) {
        return LynxTest.of(
                        HttpServer.with(DevelopmentTokensTest::routes), new SecurityPlugin(List.of(), () -> terminal))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .with("lynx.security.development_callers.ada", "clerk")
                .with("lynx.security.development_callers.grace", "clerk, manager");
    }

    private static void routes(Routes http) {
        http.get(
                        "/who",
                        (_, response) -> response.send(RequestContext.current()
                                .principal()
                                .orElseThrow()
                                .toString()))
                .get(
                        "/reports",
                        RouteOptions.defaults().withAccess(AccessRule.roles("manager")),
                        (_, response) -> response.send("ok"));
    }

    private static HttpResponse<String> get(LynxTest service, String path, String token) throws Exception {
        return service.http()
                .send(
                        HttpRequest.newBuilder(service.url().resolve(path))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** The tokens in the order of their callers. */
    private List<String> tokens() {
        return printed.stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> line.startsWith("ey"))
                .toList();
    }

    @Test
    void areAcceptedWithTheirRoles() throws Exception {
        try (LynxTest service = service(terminal()).start()) {
            String ada = tokens().getFirst();
            String grace = tokens().getLast();

            // One text, so that nothing comes between its lines.
            assertThat(printed).singleElement().satisfies(text -> assertThat(text.lines())
                    .hasSize(5)
                    .contains("  ada, roles [clerk]:", "  grace, roles [clerk, manager]:"));
            assertThat(get(service, "/who", ada).body()).isEqualTo("ada [clerk]");
            assertThat(get(service, "/reports", ada).statusCode()).isEqualTo(403);
            assertThat(get(service, "/reports", grace).body()).isEqualTo("ok");
            assertThat(get(service, "/who", ada.substring(0, ada.length() - 4) + "AAAA")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(service.get("/who").status()).isEqualTo(401);
        }
    }

    @Test
    void areInNoLog() {
        try (LynxTest service = service(terminal()).start()) {
            assertThat(service.logs().all()).isNotEmpty().noneMatch(line -> line.toString()
                    .contains("eyJ"));
            assertThat(service.logs().containing("Tokens for development are printed on the terminal"))
                    .hasSize(1);
        }
    }

    @Test
    void stayValidWhenThePluginIsRestarted() throws Exception {
        try (LynxTest service = service(terminal()).start()) {
            String ada = tokens().getFirst();

            service.restart("security");

            assertThat(get(service, "/who", ada).statusCode()).isEqualTo(200);
            assertThat(tokens()).hasSize(2);
        }
    }

    @Test
    void areWorthNothingInAnotherProcess() throws Exception {
        try (LynxTest one = service(terminal()).start();
                LynxTest other = service(terminal()).start()) {
            String own = tokens().getFirst();

            assertThat(get(one, "/who", own).statusCode()).isEqualTo(200);
            assertThat(get(other, "/who", own).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void expireAfterADayOfWork() throws Exception {
        ManualTime time = new ManualTime();
        JwtIssuer issuer = DevelopmentTokens.print(Map.of("ada", List.of("clerk")), terminal(), time);
        CompactToken token = CompactToken.parse(tokens().getFirst());

        time.advance(Duration.ofHours(12));
        assertThat(issuer.verify(token).principal().name()).isEqualTo("ada");

        time.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> issuer.verify(token))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void areMadeOnlyWhereADeveloperAloneSeesThem() {
        DeveloperTerminal own = terminal();
        assertThat(own.refusal(List.of())).isEmpty();
        assertThat(own.refusal(List.of("dev", "local"))).isEmpty();
        for (String profile : List.of("prod", "production", "eu-west", "Dev", "staging")) {
            assertThat(own.refusal(List.of("dev", profile)).orElse(""))
                    .startsWith("the profile '" + profile + "' is active");
        }
        assertThat(refusal(null, ORDINARY, "PATH")).contains("not a terminal");
        assertThat(refusal("", ORDINARY, "KUBERNETES_SERVICE_HOST")).contains("KUBERNETES_SERVICE_HOST is set");
        assertThat(refusal("", ORDINARY, "CI")).contains("CI is set");
        assertThat(refusal("", Set.of(1L, 0L), "PATH")).contains("container");
        assertThat(refusal("", Set.of(7L, 1L), "PATH")).contains("container");
    }

    private String refusal(@Nullable String terminal, Set<Long> processes, String variable) {
        return new DeveloperTerminal(terminal == null ? null : printed::add, processes, Set.of(variable))
                .refusal(List.of())
                .orElse("");
    }

    @Test
    void aServiceThatHasNothingElseDoesNotStartWithoutATerminal() {
        DeveloperTerminal piped = new DeveloperTerminal(null, ORDINARY, Set.of());
        try (LynxTest service = service(piped).build()) {
            assertThatThrownBy(service::start)
                    .hasStackTraceContaining("nothing is configured by which a caller could be identified")
                    .hasStackTraceContaining("no tokens are made for development_callers,"
                            + " since standard input and output are not a terminal");
        }
        assertThat(printed).isEmpty();
    }

    @Test
    void aServiceWithAnotherWayStartsWithoutThem() {
        DeveloperTerminal piped = new DeveloperTerminal(null, ORDINARY, Set.of());
        try (LynxTest service = service(piped)
                .with("lynx.security.api_keys.clients.ci.keys.main", TokenDigest.hex("the-key"))
                .start()) {
            assertThat(service.get("/who").status()).isEqualTo(401);
            assertThat(service.logs().containing("No tokens for development are made"))
                    .hasSize(1);
        }
        assertThat(printed).isEmpty();
    }
}
