package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import io.lynx.http.RawClient.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages of other origins may use a server or a group. */
class CorsTest {
    private static final String ORIGIN = "https://shop.example";
    private static final String ALLOW = "access-control-allow-origin";

    private static void routes(Routes http) {
        http.get("/", (_, response) -> response.send("ok"))
                .post("/", (_, response) -> response.status(201).header("Vary", "Accept"))
                .get("/failing", (_, _) -> {
                    throw new IllegalStateException("expected by the test");
                })
                .get("/varying", (_, response) -> response.header("Vary", "Accept, origin")
                        .send("ok"))
                .get("/fast", RouteOptions.nonBlocking(), (_, response) -> response.send("fast"));
    }

    private static TestServer server(CorsConfig cors) {
        return TestServer.with(limits -> limits.cors(cors), CorsTest::routes);
    }

    private static Answer send(TestServer server, String line, String... headers) throws Exception {
        try (RawClient client = server.raw()) {
            client.send(line + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + String.join("\r\n", headers)
                    + (headers.length == 0 ? "" : "\r\n") + "\r\n");
            return client.answer();
        }
    }

    private static Answer preflight(TestServer server, String path, String origin, String method, String headers)
            throws Exception {
        return send(
                server,
                "OPTIONS " + path,
                "Origin: " + origin,
                "Access-Control-Request-Method: " + method,
                "Access-Control-Request-Headers: " + headers);
    }

    @Test
    void anAllowedPageMayReadAnswers() throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN).withExposedHeaders("X-Total", "ETag"))) {
            Answer answer = send(server, "GET /", "Origin: " + ORIGIN);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.header(ALLOW)).isEqualTo(ORIGIN);
            assertThat(answer.header("access-control-expose-headers")).isEqualTo("X-Total, ETag");
            assertThat(answer.header("access-control-allow-credentials")).isEmpty();
            assertThat(answer.header("vary")).isEqualTo("Origin");
            assertThat(send(server, "GET /fast", "Origin: " + ORIGIN).header(ALLOW))
                    .isEqualTo(ORIGIN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://shop.example",
                "https://shop.example:8443",
                "https://shop.example.evil.example",
                "https://evilshop.example",
                "https://SHOP.example",
                "https://shop.example/",
                "null",
                "*",
                "",
            })
    void anotherPageIsNot(String origin) throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN))) {
            Answer answer = send(server, "GET /", "Origin: " + origin);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header(ALLOW)).isEmpty();
            assertThat(answer.header("vary")).isEqualTo("Origin");

            Answer preflight = preflight(server, "/", origin, "GET", "");
            assertThat(preflight.status()).isEqualTo(403);
            assertThat(preflight.header(ALLOW)).isEmpty();
        }
    }

    @Test
    void aRouteThatIsWithoutItIsForNoOtherOrigin() throws Exception {
        RouteOptions without = RouteOptions.defaults().withoutInterceptor(StandardInterceptors.CORS);
        try (TestServer server = TestServer.with(
                limits -> limits.cors(CorsConfig.allowing(ORIGIN)),
                http -> http.put("/own", without, (_, response) -> response.send("ok")))) {
            assertThat(preflight(server, "/own", ORIGIN, "PUT", "").headers())
                    .doesNotContainKeys(ALLOW, "access-control-allow-methods");
            assertThat(send(server, "PUT /own", "Origin: " + ORIGIN).headers()).doesNotContainKey(ALLOW);
        }
    }

    @Test
    void aRepeatedOriginIsNotAllowed() throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN))) {
            assertThat(send(server, "GET /", "Origin: " + ORIGIN, "Origin: " + ORIGIN)
                            .header(ALLOW))
                    .isEmpty();
        }
    }

    @Test
    void aRequestOfTheSameOriginTellsCachesThatOthersDiffer() throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN))) {
            assertThat(send(server, "GET /").header("vary")).isEqualTo("Origin");
            assertThat(server.get("/varying").headers().allValues("vary")).containsExactly("Accept, origin");
            assertThat(server.send("POST", "/", "", "Origin", ORIGIN).headers().allValues("vary"))
                    .containsExactly("Accept", "Origin");
        }
    }

    @Test
    void allPagesMayReadWhatIsForAll() throws Exception {
        try (TestServer server = server(CorsConfig.allowing("*").withHeaders("*"))) {
            Answer answer = send(server, "GET /", "Origin: https://any.example");
            assertThat(answer.header(ALLOW)).isEqualTo("*");
            assertThat(answer.header("vary")).isEmpty();
            assertThat(preflight(server, "/", "null", "GET", "x-a, X-B").header("access-control-allow-headers"))
                    .isEqualTo("x-a, x-b");
        }
    }

    @Test
    void errorsCanBeReadToo() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.cors(CorsConfig.allowing(ORIGIN).withCredentials())
                        .maxBodySize(10),
                CorsTest::routes)) {
            for (String line : List.of("GET /failing", "GET /nothing", "DELETE /", "GET /%zz")) {
                Answer answer = send(server, line, "Origin: " + ORIGIN);
                assertThat(answer.status()).as(line).isGreaterThanOrEqualTo(400);
                assertThat(answer.header(ALLOW)).as(line).isEqualTo(ORIGIN);
                assertThat(answer.header("access-control-allow-credentials"))
                        .as(line)
                        .isEqualTo("true");
                assertThat(answer.header("vary")).as(line).isEqualTo("Origin");
            }
            try (RawClient client = server.raw()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nOrigin: " + ORIGIN + "\r\nContent-Length: 11\r\n\r\n");
                Answer tooLarge = client.answer();
                assertThat(tooLarge.status()).isEqualTo(413);
                assertThat(tooLarge.header(ALLOW)).isEqualTo(ORIGIN);
            }
        }
    }

    @Test
    void answersPreflightRequests() throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN, "https://b.example:8443")
                .withMethods("GET", "POST")
                .withHeaders("Content-Type", "X-A")
                .withCredentials())) {
            Answer answer = preflight(server, "/", ORIGIN, "POST", "content-type,x-a");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header(ALLOW)).isEqualTo(ORIGIN);
            assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, POST");
            assertThat(answer.header("access-control-allow-headers")).isEqualTo("content-type,x-a");
            assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
            assertThat(answer.header("access-control-max-age")).isEqualTo("600");
            assertThat(preflight(server, "/", "https://b.example:8443", "POST", "")
                            .status())
                    .isEqualTo(204);
            assertThat(preflight(server, "/", ORIGIN, "DELETE", "").status()).isEqualTo(403);
            assertThat(preflight(server, "/", ORIGIN, "post", "").status()).isEqualTo(403);
            assertThat(preflight(server, "/", ORIGIN, "POST", "x-b").status()).isEqualTo(403);
            assertThat(preflight(server, "/", ORIGIN, "POST", "x-a, ,,").status())
                    .isEqualTo(204);
            assertThat(send(server, "OPTIONS /", "Origin: " + ORIGIN).header("allow"))
                    .contains("GET");
        }
    }

    @Test
    void preflightRequestsVaryByWhatTheyAsk() throws Exception {
        try (TestServer server = server(CorsConfig.allowing(ORIGIN))) {
            assertThat(server.send("OPTIONS", "/", "", "Origin", ORIGIN, "Access-Control-Request-Method", "GET")
                            .headers()
                            .allValues("vary"))
                    .containsExactly("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
        }
    }

    @Test
    void aGroupHasItsOwn() throws Exception {
        Interceptor authentication = (_, _, _) -> {
            throw new HttpException(401, "credentials are missing");
        };
        try (TestServer server = TestServer.with(
                http -> http.get("/", (_, response) -> response.send("ok")).path("/api", api -> api.intercept(
                                StandardInterceptors.CORS, StandardInterceptors.cors(CorsConfig.allowing(ORIGIN)))
                        .intercept(StandardInterceptors.AUTHENTICATION, authentication)
                        .get("/a", (_, response) -> response.send("a"))
                        .get(
                                "/private",
                                RouteOptions.defaults().withoutInterceptor("cors"),
                                (_, response) -> response.send("b"))))) {
            assertThat(send(server, "GET /", "Origin: " + ORIGIN).header(ALLOW)).isEmpty();
            assertThat(preflight(server, "/", ORIGIN, "GET", "").header(ALLOW)).isEmpty();

            Answer unauthenticated = send(server, "GET /api/a", "Origin: " + ORIGIN);
            assertThat(unauthenticated.status()).isEqualTo(401);
            assertThat(unauthenticated.header(ALLOW)).isEqualTo(ORIGIN);
            assertThat(preflight(server, "/api/a", ORIGIN, "GET", "").status()).isEqualTo(204);
            assertThat(preflight(server, "/api/a", ORIGIN, "GET", "").header(ALLOW))
                    .isEqualTo(ORIGIN);
            assertThat(preflight(server, "/api/a", ORIGIN, "DELETE", "").header(ALLOW))
                    .isEmpty();
            assertThat(preflight(server, "/api/private", ORIGIN, "GET", "").header(ALLOW))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example",
                "https://shop.example/",
                "https://shop.example/path",
                "https://Shop.example",
                "https://shop.example:443",
                "http://shop.example:80",
                "https://user@shop.example",
                "https://*.example",
                "null",
                "",
            })
    void whatIsNoOriginIsRefused(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CorsConfig.allowing(origin))
                .withMessageStartingWith("allowed_origins: '" + origin + "' is not an origin; ");
    }

    @Test
    void allOriginsWithCredentialsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CorsConfig.allowing("*").withCredentials())
                .withMessageStartingWith("allowed_origins: '*' with credentials");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CorsConfig.allowing(ORIGIN).withHeaders("a b"))
                .withMessageStartingWith("allowed_headers: 'a b' is not a name");
    }

    @Test
    void theConfigurationIsReadFromItsSection() {
        ConfigSection<HttpConfig> section = ConfigSection.of("lynx.http", HttpConfig.class);
        HttpConfig config = ConfigSources.none()
                .value("lynx.http.cors.allowed_origins", "https://shop.example", "test")
                .load()
                .bind(section)
                .get(section);

        assertThat(config.cors()).hasValueSatisfying(cors -> {
            assertThat(cors).isEqualTo(CorsConfig.allowing(ORIGIN));
            assertThat(cors.maxAge()).isEqualTo(Duration.ofMinutes(10));
        });
        assertThat(HttpConfig.defaults().cors()).isEmpty();
    }
}
