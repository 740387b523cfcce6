package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests that are answered on the event loop: nothing that a client sends, or does not send, can block it. */
class EventLoopBodyTest {
    private static TestServer server() {
        return TestServer.with(config -> config.stallTimeout(Duration.ofSeconds(30)), http -> http.post(
                        "/loop",
                        RouteOptions.nonBlocking(),
                        (request, response) -> response.send("" + request.bytes().length))
                .post("/blocking", (request, response) -> response.send("" + request.bytes().length)));
    }

    @Test
    void aBodyThatAwaitsContinueIsReadFirst() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw();
                RawClient other = server.raw()) {
            client.send("POST /loop HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.line()).isEmpty();

            other.send("POST /loop HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            assertThat(other.answer().body()).isEqualTo("2");
            client.send("3\r\nabc\r\n0\r\n\r\n");

            assertThat(client.answer().body()).isEqualTo("3");
        }
    }

    @Test
    void aBodyUpToTheWindowIsRead() throws Exception {
        try (TestServer server = server()) {
            assertThat(server.send("POST", "/loop", "x".repeat(256 * 1024)).body())
                    .isEqualTo("262144");
        }
    }

    @Test
    void aBodyBeyondTheWindowIsRefusedAtOnce() throws Exception {
        try (TestServer server = server();
                RawClient announced = server.raw();
                RawClient chunked = server.raw()) {
            announced.send("POST /loop HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
            assertThat(announced.answer().status()).isEqualTo(413);

            chunked.send("POST /loop HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                chunked.send("10000\r\n" + "x".repeat(0x10000) + "\r\n");
            }
            assertThat(chunked.answer().status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/loop", "/blocking"})
    void aPathOrMethodWithoutARouteIsAnsweredWithoutItsBody(String path) throws Exception {
        try (TestServer server = server();
                RawClient announced = server.raw();
                RawClient chunked = server.raw();
                RawClient small = server.raw()) {
            int status = path.equals("/nothing") ? 404 : 405;
            announced.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            RawClient.Answer answer = announced.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("connection")).isEqualTo("close");

            chunked.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(chunked.answer().status()).isEqualTo(status);

            small.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            answer = small.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("connection")).isEmpty();
            small.get("/nothing");
            assertThat(small.answer().status()).isEqualTo(404);
        }
    }

    @Test
    void aLargeBodyOnAStreamWithoutARouteIsAnswered() throws Exception {
        try (TestServer server = server();
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.send(Http2RawClient.HEADERS, 4, 1, client.head("POST", "/nothing"));

            assertThat(client.answer(1)).startsWith("404");
        }
    }
}
