package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.engine.head.HeaderText;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ResponseTest {
    @Test
    void answersHeadAndOptionsFromTheRoute() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/a", (_, response) -> response.send("four"))
                .put("/a", (_, response) -> response.noContent()))) {
            HttpResponse<String> head = server.send("HEAD", "/a", "");
            HttpResponse<String> options = server.send("OPTIONS", "/a", "");
            HttpResponse<String> refused = server.send("DELETE", "/a", "");
            HttpResponse<String> put = server.send("PUT", "/a", "");

            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-length")).contains("4");
            assertThat(head.body()).isEmpty();
            assertThat(options.statusCode()).isEqualTo(204);
            assertThat(options.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS, PUT");
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS, PUT");
            assertThat(put.statusCode()).isEqualTo(204);
            assertThat(put.headers().firstValue("content-length")).isEmpty();
        }
    }

    @Test
    void givesProblemsWithTheRequestsId() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/invalid", (_, _) -> {
                    throw new ValidationException(List.of(
                            new ValidationException.FieldError("name", "must not be empty"),
                            new ValidationException.FieldError("items[0].quantity", "1 to 99")));
                })
                .get("/busy", (_, _) -> {
                    throw new HttpException(429, "slow \"down\"\n", Map.of("Retry-After", "7"));
                }))) {
            HttpResponse<String> missing = server.get("/nothing", "X-Request-Id", "r-1");
            HttpResponse<String> invalid = server.get("/invalid");
            HttpResponse<String> busy = server.get("/busy");

            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(missing.headers().firstValue("x-request-id")).contains("r-1");
            assertThat(missing.body())
                    .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                            + "\"detail\":\"no resource at this path\",\"request_id\":\"r-1\"}\n");
            assertThat(invalid.statusCode()).isEqualTo(422);
            assertThat(invalid.body())
                    .contains("\"errors\":[{\"field\":\"name\",\"message\":\"must not be empty\"},"
                            + "{\"field\":\"items[0].quantity\",\"message\":\"1 to 99\"}]");
            assertThat(busy.statusCode()).isEqualTo(429);
            assertThat(busy.headers().firstValue("retry-after")).contains("7");
            assertThat(busy.body()).contains("\"detail\":\"slow \\\"down\\\"\\n\"");
        }
    }

    @Test
    void hidesWhatAnExceptionSays() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, _) -> {
                    throw new IllegalStateException("secret");
                })
                .get("/silent", (_, _) -> {})
                .get("/half", (_, response) -> {
                    response.stream().write(1);
                    throw new IllegalStateException("secret");
                }))) {
            for (String path : List.of("/", "/silent", "/half")) {
                HttpResponse<String> answer = server.get(path);

                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).doesNotContain("secret", "Exception").contains("request_id");
            }
        }
    }

    @Test
    void cutsAnAnswerThatFailsInTheMiddle() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> {
            OutputStream out = response.stream();
            out.write(new byte[10]);
            out.flush();
            throw new IllegalStateException("in the middle");
        }))) {
            try (RawClient client = server.raw()) {
                client.get("/");

                assertThat(client.answer(false).status()).isEqualTo(200);
                assertThat(client.line()).isEqualTo("a");
                assertThat(client.readExactly(12)).hasSize(12);
                assertThat(client.isEnded()).isTrue();
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void sendsOnce() throws Exception {
        AtomicReference<Throwable> second = new AtomicReference<>();
        AtomicReference<Throwable> header = new AtomicReference<>();
        try (TestServer server = TestServer.with(http -> http.get("/a", (_, response) -> {
            response.send("first");
            second.set(org.assertj.core.api.Assertions.catchThrowable(() -> response.send("second")));
            header.set(org.assertj.core.api.Assertions.catchThrowable(() -> response.header("a", "b")));
        }))) {
            assertThat(server.get("/a").body()).isEqualTo("first");

            TestServer.await(() -> header.get() != null);
            assertThat(second.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("response: already sent with status 200 for GET /a; an answer is sent once");
            assertThat(header.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void setsHeadersCookiesAndRedirects() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> response.header("X-A", "1")
                        .header("x-a", "2")
                        .addHeader("X-A", "3")
                        .cookie(Cookie.of("s", "v").withMaxAge(Duration.ofMinutes(1)))
                        .send("ok".getBytes(StandardCharsets.UTF_8)))
                .get("/old", (_, response) -> response.redirect(308, "/"))
                .get("/accepted", (_, response) -> response.status(202)))) {
            HttpResponse<String> answer = server.get("/");
            HttpResponse<String> moved = server.get("/old");
            HttpResponse<String> accepted = server.get("/accepted");

            assertThat(answer.headers().allValues("x-a")).containsExactly("2", "3");
            assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
            assertThat(answer.headers().firstValue("set-cookie"))
                    .contains("s=v; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
            assertThat(moved.statusCode()).isEqualTo(308);
            assertThat(moved.headers().firstValue("location")).contains("/");
            assertThat(accepted.statusCode()).isEqualTo(202);
            assertThat(accepted.headers().firstValue("content-length")).contains("0");
        }
    }

    @Test
    void refusesHeadersThatSplitTheAnswer() {
        assertThatThrownBy(() -> HeaderText.requireValue("location", "/\r\nSet-Cookie: a=b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header location: character 13 at 1");
        assertThatThrownBy(() -> HeaderText.requireName("a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.of("a", "b;c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interceptsFromTheOutsideIn() throws Exception {
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.with(http -> http.path("/api", api -> api.get(
                                "/x",
                                (request, response) -> response.send(
                                        request.attribute("who").orElse("").toString()))
                        .intercept((request, response, next) -> {
                            order.add("inner");
                            next.handle(request, response);
                        }))
                .intercept((request, response, next) -> {
                    order.add("outer");
                    request.attribute("who", "me");
                    next.handle(request, response);
                    order.add(Integer.toString(response.status()));
                })
                .intercept((request, response, next) -> {
                    if (request.header("x-stop").isPresent()) {
                        throw new HttpException(401, "no");
                    }
                    next.handle(request, response);
                }))) {
            assertThat(server.get("/api/x").body()).isEqualTo("me");
            TestServer.await(() -> order.size() == 3);
            assertThat(order).containsExactly("outer", "inner", "200");

            assertThat(server.get("/api/x", "X-Stop", "1").statusCode()).isEqualTo(401);
            assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
            assertThat(order).hasSize(5).endsWith("outer", "outer");
        }
    }

    @Test
    void closesWhenTheHandlerSaysSo() throws Exception {
        try (TestServer server =
                        TestServer.with(http -> http.get("/", (_, response) -> response.header("Connection", "close")
                                .send("bye")));
                RawClient client = server.raw()) {
            client.get("/");

            assertThat(client.answer().header("connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void compressesForClientsThatTakeIt() throws Exception {
        String large = "abc".repeat(100_000);
        try (TestServer server = TestServer.with(
                        config -> config.compression(true), http -> http.get("/", (_, response) -> response.send(large))
                                .get("/small", (_, response) -> response.send("small")));
                RawClient client = server.raw()) {
            assertThat(server.get("/").body()).isEqualTo(large);
            for (String path : List.of("/", "/small")) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                RawClient.Answer answer = client.answer(false);

                assertThat(answer.header("vary")).isEqualToIgnoringCase("accept-encoding");
                if (path.equals("/")) {
                    assertThat(answer.header("content-encoding")).isEqualTo("gzip");
                    assertThat(unzip(client.body(answer))).isEqualTo(large);
                } else {
                    assertThat(answer.header("content-encoding")).isEmpty();
                    assertThat(new String(client.body(answer), StandardCharsets.UTF_8))
                            .isEqualTo("small");
                }
            }
        }
    }

    private static String unzip(byte[] bytes) throws Exception {
        try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void runsHandlersOnTheirThreads() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get(
                        "/blocking",
                        (_, response) -> response.send(Thread.currentThread().isVirtual() + " "
                                + Thread.currentThread().getName()))
                .post(
                        "/loop",
                        RouteOptions.nonBlocking(),
                        (request, response) ->
                                response.send(Thread.currentThread().getName() + request.text()))
                .get("/wrong", RouteOptions.nonBlocking(), (_, response) -> response.stream()))) {
            assertThat(server.get("/blocking").body()).matches("true lynx-test-\\d+");
            assertThat(server.send("POST", "/loop", "body").body()).matches("lynx-io-\\d+body");
            assertThat(server.get("/wrong").statusCode()).isEqualTo(500);
        }
    }
}
