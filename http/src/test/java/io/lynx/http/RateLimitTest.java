package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.context.RequestContext;
import io.lynx.http.RawClient.Answer;
import io.lynx.metrics.Catalogue;
import io.lynx.security.Principal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many requests a client may make in a time, and at a time. */
class RateLimitTest {
    private static final RateLimitConfig TWO_A_DAY = RateLimitConfig.of(2, Duration.ofDays(1));

    private static void ok(Request request, Response response) {
        response.send("ok");
    }

    private static int status(TestServer server, String path, String... headers) throws Exception {
        return server.get(path, headers).statusCode();
    }

    @Test
    void aClientThatMakesTooManyRequestsIsToldWhenToTryAgain() throws Exception {
        try (TestServer server =
                TestServer.with(limits -> limits.rateLimit(TWO_A_DAY), http -> http.get("/", RateLimitTest::ok)
                        .get("/fast", RouteOptions.nonBlocking(), RateLimitTest::ok)
                        .get(
                                "/free",
                                RouteOptions.defaults().withoutInterceptor(StandardInterceptors.RATE_LIMIT),
                                RateLimitTest::ok))) {
            assertThat(status(server, "/")).isEqualTo(200);
            // What no route answers counts too.
            assertThat(status(server, "/nothing")).isEqualTo(404);
            HttpResponse<String> refused = server.get("/");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("too many requests");
            assertThat(refused.headers().firstValue("retry-after"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Integer.parseInt(seconds)).isBetween(40_000, 43_200));
            assertThat(status(server, "/fast")).isEqualTo(429);
            assertThat(status(server, "/nothing")).isEqualTo(429);
            assertThat(status(server, "/free")).isEqualTo(200);
            assertThat(server.metrics
                            .registry()
                            .counter(Catalogue.RATE_LIMIT_HITS, "request", "address")
                            .count())
                    .isEqualTo(3);
        }
    }

    @Test
    void aRefusalDoesNotWaitForTheBody() throws Exception {
        try (TestServer server = TestServer.with(
                        limits -> limits.rateLimit(RateLimitConfig.of(1, Duration.ofDays(1))),
                        http -> http.post("/", (request, response) -> response.send(request.text())));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            first.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
            assertThat(first.answer().status()).isEqualTo(200);
            second.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            Answer refused = second.answer();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).isNotEmpty();
        }
    }

    @Test
    void eachAddressBehindATrustedProxyHasItsOwn() throws Exception {
        try (TestServer server = TestServer.with(
                limits -> limits.rateLimit(TWO_A_DAY).trustedProxies("127.0.0.1"),
                http -> http.get("/", RateLimitTest::ok))) {
            for (int i = 0; i < 2; i++) {
                assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.9"))
                        .isEqualTo(200);
                assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.8"))
                        .isEqualTo(200);
                // Addresses of one network.
                assertThat(status(server, "/", "X-Forwarded-For", "2001:db8::" + i))
                        .isEqualTo(200);
            }
            assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.9")).isEqualTo(429);
            assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.8")).isEqualTo(429);
            assertThat(status(server, "/", "X-Forwarded-For", "2001:db8::9")).isEqualTo(429);
            assertThat(status(server, "/", "X-Forwarded-For", "2001:db8:0:1::9"))
                    .isEqualTo(200);
        }
    }

    @Test
    void headersOfOtherPeersDoNotChangeTheAddress() throws Exception {
        try (TestServer server =
                TestServer.with(limits -> limits.rateLimit(TWO_A_DAY), http -> http.get("/", RateLimitTest::ok))) {
            assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.1")).isEqualTo(200);
            assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.2")).isEqualTo(200);
            assertThat(status(server, "/", "X-Forwarded-For", "203.0.113.3")).isEqualTo(429);
        }
    }

    @Test
    void aGroupLimitsByPrincipalOrHeader() throws Exception {
        Interceptor authentication = (request, response, next) -> {
            request.header("Authorization")
                    .ifPresent(name -> RequestContext.current().authenticated(Principal.of(name)));
            next.handle(request, response);
        };
        try (TestServer server = TestServer.with(http -> http.path(
                        "/principal", group -> group.intercept(StandardInterceptors.AUTHENTICATION, authentication)
                                .intercept(
                                        StandardInterceptors.PRINCIPAL_RATE_LIMIT,
                                        StandardInterceptors.rateLimit("orders", TWO_A_DAY, LimitKey.principal()))
                                .get("/a", RateLimitTest::ok))
                .path("/header", group -> group.intercept(
                                StandardInterceptors.RATE_LIMIT,
                                StandardInterceptors.rateLimit("keys", TWO_A_DAY, LimitKey.header("X-Api-Key")))
                        .get("/a", RateLimitTest::ok)))) {
            for (String path : new String[] {"/principal/a", "/header/a"}) {
                String header = path.startsWith("/p") ? "Authorization" : "X-Api-Key";
                String lengthy = "x".repeat(5000);
                for (int i = 0; i < 2; i++) {
                    assertThat(status(server, path, header, "alice")).isEqualTo(200);
                    assertThat(status(server, path, header, lengthy)).isEqualTo(200);
                    assertThat(status(server, path)).isEqualTo(200);
                }
                assertThat(status(server, path, header, "alice")).isEqualTo(429);
                assertThat(status(server, path, header, lengthy)).isEqualTo(429);
                assertThat(status(server, path)).isEqualTo(429);
                // Neither is the key of an address that a client may choose.
                assertThat(status(server, path, header, "127.0.0.1")).isEqualTo(200);
                assertThat(status(server, path, header, "bob")).isEqualTo(200);
            }
        }
    }

    @Test
    void aFloodOfKeysIsAnswered() throws Exception {
        try (TestServer server = TestServer.with(
                        limits -> limits.rateLimit(TWO_A_DAY.withMaxKeys(100)).trustedProxies("127.0.0.1"),
                        http -> http.get("/", RouteOptions.nonBlocking(), RateLimitTest::ok));
                RawClient client = server.raw()) {
            for (int i = 0; i < 20; i++) {
                StringBuilder requests = new StringBuilder();
                for (int j = 0; j < 250; j++) {
                    requests.append("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.")
                            .append(i)
                            .append('.')
                            .append(j)
                            .append(".9\r\n\r\n");
                }
                client.send(requests.toString());
                for (int j = 0; j < 250; j++) {
                    assertThat(client.answer().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void onlySoManyRequestsAreHandledAtATime() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        HttpHandler waits = (_, response) -> {
            entered.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            response.send("ok");
        };
        try (TestServer server = TestServer.with(http -> http.path("/shared", group -> group.intercept(
                                        StandardInterceptors.CONCURRENCY_LIMIT,
                                        StandardInterceptors.concurrencyLimit(1))
                                .get("/a", waits)
                                .get("/b", RateLimitTest::ok))
                        .path("/each", group -> group.intercept(
                                        StandardInterceptors.CONCURRENCY_LIMIT,
                                        StandardInterceptors.concurrencyLimit(1, LimitKey.header("X-Api-Key")))
                                .get("/a", waits)
                                .get("/b", RateLimitTest::ok)
                                .get("/failing", (_, _) -> {
                                    throw new IllegalStateException("expected by the test");
                                })));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            first.get("/shared/a");
            second.send("GET /each/a HTTP/1.1\r\nHost: a\r\nX-Api-Key: k\r\n\r\n");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(status(server, "/shared/b")).isEqualTo(503);
            assertThat(server.get("/shared/b").headers().firstValue("retry-after"))
                    .hasValue("1");
            assertThat(status(server, "/each/b", "X-Api-Key", "k")).isEqualTo(429);
            assertThat(status(server, "/each/b", "X-Api-Key", "other")).isEqualTo(200);
            released.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
            assertThat(second.answer().status()).isEqualTo(200);

            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(status(server, "/shared/b")).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
                assertThat(status(server, "/each/failing", "X-Api-Key", "k")).isEqualTo(500);
            }
            assertThat(status(server, "/each/b", "X-Api-Key", "k")).isEqualTo(200);
        }
    }

    @Test
    void aLimitIsAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StandardInterceptors.rateLimit(
                        "none", RateLimitConfig.of(0, Duration.ofSeconds(1)), LimitKey.shared()))
                .withMessageContaining("permits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StandardInterceptors.concurrencyLimit(0))
                .withMessage("concurrency limit: 0; 1 or more requests at a time");
    }
}
