package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.http.SecurityHeadersConfig.FrameOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Headers that make browsers careful. */
class SecurityHeadersTest {
    private static final SecurityHeadersConfig USUAL = config(Duration.ofDays(365), false);

    private static SecurityHeadersConfig config(Duration hstsMaxAge, boolean subdomains) {
        return new SecurityHeadersConfig(
                true, FrameOptions.DENY, hstsMaxAge, subdomains, Optional.of("default-src 'self'"), "no-referrer");
    }

    private static void routes(Routes http) {
        http.get("/", (_, response) -> response.send("ok"))
                .get("/own", (_, response) -> response.header("X-Frame-Options", "SAMEORIGIN")
                        .send("ok"))
                .get("/failing", (_, _) -> {
                    throw new IllegalStateException("expected by the test");
                })
                .get("/fast", RouteOptions.nonBlocking(), (_, response) -> response.send("fast"));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return String.join("|", answer.headers().allValues(name));
    }

    @Test
    void allAnswersHaveThem() throws Exception {
        try (TestServer server =
                TestServer.with(limits -> limits.securityHeaders(USUAL), SecurityHeadersTest::routes)) {
            for (String path : List.of("/", "/failing", "/fast", "/nothing", "DELETE")) {
                HttpResponse<String> answer = path.equals("DELETE") ? server.send("DELETE", "/", "") : server.get(path);
                assertThat(header(answer, "x-content-type-options")).as(path).isEqualTo("nosniff");
                assertThat(header(answer, "x-frame-options")).as(path).isEqualTo("DENY");
                assertThat(header(answer, "referrer-policy")).as(path).isEqualTo("no-referrer");
                assertThat(header(answer, "content-security-policy")).as(path).isEqualTo("default-src 'self'");
                assertThat(header(answer, "strict-transport-security")).as(path).isEmpty();
            }
            assertThat(header(server.get("/own"), "x-frame-options")).isEqualTo("SAMEORIGIN");
        }
    }

    @Test
    void thoseForHttpsAreSetBehindAProxyThatEndsTls() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.securityHeaders(config(Duration.ofDays(30), true))
                        .trustedProxies("127.0.0.1"),
                SecurityHeadersTest::routes)) {
            assertThat(header(server.get("/", "X-Forwarded-Proto", "https"), "strict-transport-security"))
                    .isEqualTo("max-age=2592000; includeSubDomains");
            assertThat(header(server.get("/"), "strict-transport-security")).isEmpty();
        }
        try (TestServer server =
                TestServer.with(limits -> limits.securityHeaders(USUAL), SecurityHeadersTest::routes)) {
            assertThat(header(server.get("/", "X-Forwarded-Proto", "https"), "strict-transport-security"))
                    .isEmpty();
        }
    }

    @Test
    void theyAreOffByDefaultAndAGroupMayHaveItsOwn() throws Exception {
        SecurityHeadersConfig framed = SecurityHeadersConfig.defaults()
                .withFrameOptions(FrameOptions.ANY)
                .withContentSecurityPolicy("frame-ancestors https://shop.example");
        try (TestServer server = TestServer.with(
                http -> http.get("/", (_, response) -> response.send("ok")).path("/widget", group -> group.intercept(
                                StandardInterceptors.SECURITY_HEADERS, StandardInterceptors.securityHeaders(framed))
                        .get("/a", (_, response) -> response.send("a"))))) {
            assertThat(header(server.get("/"), "x-content-type-options")).isEmpty();
            assertThat(header(server.get("/widget/a"), "x-content-type-options"))
                    .isEqualTo("nosniff");
            assertThat(header(server.get("/widget/a"), "x-frame-options")).isEmpty();
            assertThat(header(server.get("/widget/a"), "content-security-policy"))
                    .isEqualTo("frame-ancestors https://shop.example");
        }
    }

    @Test
    void aValueThatAHeaderCannotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecurityHeadersConfig.defaults().withContentSecurityPolicy("a\r\nSet-Cookie: b"))
                .withMessageStartingWith("header content_security_policy: character 13 at 1");
    }
}
