package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hooks that answer requests which failed. */
class ErrorHookTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    private static class OutOfStockException extends RuntimeException {}

    private static final class RareException extends OutOfStockException {}

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    private static void fail(String kind) throws Exception {
        switch (kind) {
            case "stock" -> throw new OutOfStockException();
            case "rare" -> throw new RareException();
            case "wrapped" -> throw new CompletionException(new OutOfStockException());
            case "io" -> throw new UncheckedIOException(new IOException("disk"));
            case "http" -> throw new HttpException(403, "not yours");
            case "error" -> throw new AssertionError("broken");
            default -> throw new IllegalStateException("private");
        }
    }

    private void routes(Routes http) {
        http.onError(HttpException.class, (_, response, error) -> response.status(error.status())
                        .json(List.of("own", error.status())))
                .get("/outside/{kind}", (request, _) -> fail(request.path("kind")))
                .path("/shop", shop -> shop.onError(OutOfStockException.class, (_, response, _) -> {
                            calls.incrementAndGet();
                            response.header("X-Stock", "0").status(409).send("out of stock");
                        })
                        .onError(RareException.class, (_, response, _) -> response.status(410))
                        .onError(AssertionError.class, (_, _, _) -> seen.add("passed on"))
                        .onError(IOException.class, (_, _, _) -> {
                            throw new IllegalStateException("a hook that fails");
                        })
                        .intercept((request, response, next) -> {
                            response.header("X-Outer", "1").header("ETag", "\"1\"");
                            try {
                                next.handle(request, response);
                            } catch (RuntimeException e) {
                                seen.add(e.getClass().getSimpleName() + " " + response.status());
                                throw e;
                            }
                        })
                        .get("/{kind}", (request, _) -> fail(request.path("kind")))
                        .get("/loop/{kind}", RouteOptions.nonBlocking(), (request, _) -> fail(request.path("kind"))));
    }

    @ParameterizedTest
    @CsvSource({
        "/shop/stock, 409, out of stock",
        "/shop/loop/stock, 409, out of stock",
        "/shop/wrapped, 409, out of stock",
        "/shop/rare, 410, ''",
        "/shop/http, 403, '[\"own\",403]'",
        "/outside/http, 403, '[\"own\",403]'",
        "/outside/stock, 500, application/problem",
        "/shop/error, 500, application/problem",
        "/shop/io, 500, application/problem",
        "/shop/other, 500, application/problem",
        "/nothing, 404, '[\"own\",404]'",
        "/shop/%2e%2e, 400, '[\"own\",400]'"
    })
    void answer(String path, int status, String body) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.send("GET " + path + HOST);
            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            if (body.startsWith("application")) {
                assertThat(answer.header("content-type")).startsWith(body);
                assertThat(answer.body()).doesNotContain("private", "disk");
            } else {
                assertThat(answer.body()).isEqualTo(body);
            }
            client.send("GET /outside/http" + HOST);
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @Test
    void interceptorsSeeTheExceptionAndTheStatusOfTheHook() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.send("GET /shop/stock" + HOST);
            RawClient.Answer answer = client.answer();

            assertThat(seen).containsExactly("OutOfStockException 409");
            assertThat(calls).hasValue(1);
            assertThat(answer.header("x-outer")).isEqualTo("1");
            assertThat(answer.header("x-stock")).isEqualTo("0");
            assertThat(answer.headers()).doesNotContainKey("etag");
        }
    }

    @Test
    void cookiesOfInterceptorsAndOfTheHookAreSent() throws Exception {
        try (TestServer server = TestServer.with(http -> http.onError(
                        OutOfStockException.class, (_, response, _) -> response.addHeader("Set-Cookie", "b=2")
                                .status(409))
                .intercept((request, response, next) -> {
                    response.cookie(Cookie.of("a", "1"));
                    next.handle(request, response);
                })
                .get("/", (_, _) -> fail("stock")))) {
            assertThat(server.get("/").headers().allValues("set-cookie")).hasSize(2);
        }
    }

    @Test
    void anInterceptorThatAnswersReplacesTheHook() throws Exception {
        try (TestServer server =
                TestServer.with(http -> http.onError(OutOfStockException.class, (_, response, _) -> response.status(409)
                                .send("hook"))
                        .intercept((request, response, next) -> {
                            try {
                                next.handle(request, response);
                            } catch (OutOfStockException e) {
                                response.status(200).send("interceptor");
                            }
                        })
                        .get("/", (_, _) -> fail("stock")))) {
            assertThat(server.get("/").body()).isEqualTo("interceptor");
        }
    }

    @Test
    void refusalsOfTheServerPassByTheHooks() throws Exception {
        try (TestServer server = TestServer.with(limits -> limits.maxBodySize(10), http -> {
                    routes(http);
                    http.post("/body", (request, response) -> response.send(request.text()));
                });
                RawClient client = server.raw()) {
            client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("[\"own\",413]");
        }
    }

    @Test
    void aHookCannotStream() throws Exception {
        try (TestServer server =
                TestServer.with(http -> http.onError(OutOfStockException.class, (_, response, _) -> response.stream()
                                .close())
                        .get("/", (_, _) -> fail("stock")))) {
            assertThat(server.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void theHooksOfAnInnerGroupComeFirst() throws Exception {
        try (TestServer server =
                TestServer.with(http -> http.onError(RareException.class, (_, response, _) -> response.send("outer"))
                        .path("/a", a -> a.onError(RuntimeException.class, (_, response, _) -> response.send("inner"))
                                .get("/", (_, _) -> fail("rare"))))) {
            assertThat(server.get("/a/").body()).isEqualTo("inner");
        }
    }
}
