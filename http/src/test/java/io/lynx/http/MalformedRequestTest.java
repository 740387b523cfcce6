package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedRequestTest {
    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("no version", "GET /\r\n\r\n", 400),
                Arguments.of("three words too many", "GET / x y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("garbage", "nonsense\r\n\r\n", 400),
                Arguments.of("unknown version", "GET / HTTP/3.1\r\nHost: a\r\n\r\n", 505),
                Arguments.of("no host", "GET / HTTP/1.1\r\n\r\n", 400),
                Arguments.of("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                Arguments.of("space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", 400),
                Arguments.of("header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400),
                Arguments.of("NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n", 400),
                Arguments.of("empty header name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400),
                Arguments.of("length not a number", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
                Arguments.of("negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
                Arguments.of("signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400),
                Arguments.of(
                        "two lengths",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                        400),
                Arguments.of(
                        "huge length",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                        400),
                Arguments.of(
                        "transfer encoding that does not end in chunked",
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                        400),
                Arguments.of(
                        "transfer encoding in HTTP/1.0",
                        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                Arguments.of("escape cut short", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("dots", "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("encoded dots", "GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("not a path", "GET nonsense HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("bad query", "GET /q?a=%f HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                Arguments.of("duplicate slash", "GET //q HTTP/1.1\r\nHost: a\r\n\r\n", 404),
                Arguments.of("unknown method", "BREW /q HTTP/1.1\r\nHost: a\r\n\r\n", 405),
                Arguments.of("connect", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefused(String name, String request, int status) throws Exception {
        try (TestServer server = TestServer.with(http -> http.get(
                        "/q",
                        (asked, response) -> response.send(asked.query("a").orElse(name)))
                .get("/", (_, response) -> response.send(name))
                .post("/", (asked, response) -> response.send(asked.text())))) {
            try (RawClient client = server.raw()) {
                client.send(request);
                RawClient.Answer answer = client.answer();

                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.body()).doesNotContain("Exception", "io.lynx", "java.", "netty");
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.get("/").body()).isEqualTo(name);
        }
    }

    @Test
    void isClosedWhenAChunkIsMalformed() throws Exception {
        try (TestServer server =
                        TestServer.with(http -> http.post("/", (request, response) -> response.send(request.text())));
                RawClient client = server.raw()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void takesTheAbsoluteFormAndOptionsForAll() throws Exception {
        try (TestServer server =
                        TestServer.with(http -> http.get("/q", (request, response) -> response.send(request.path())));
                RawClient client = server.raw()) {
            client.send("GET http://localhost:1/q?x HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("/q");

            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(204);
        }
    }

    @Test
    void closesForHttp10UnlessAskedToKeep() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/q", (_, response) -> response.send("q"))
                        .get("/s", (_, response) -> {
                            try (var out = response.stream()) {
                                out.write('s');
                                out.flush();
                            }
                        }));
                RawClient plain = server.raw();
                RawClient kept = server.raw();
                RawClient streamed = server.raw()) {
            plain.send("GET /q HTTP/1.0\r\n\r\n");
            assertThat(plain.answer().body()).isEqualTo("q");
            assertThat(plain.isEnded()).isTrue();

            kept.send("GET /q HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".repeat(2));
            assertThat(kept.answer().header("connection")).isEqualTo("keep-alive");
            assertThat(kept.answer().body()).isEqualTo("q");

            streamed.send("GET /s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(streamed.answer(false).header("transfer-encoding")).isEmpty();
            assertThat(streamed.readExactly(1)).containsExactly('s');
            assertThat(streamed.isEnded()).isTrue();
        }
    }
}
