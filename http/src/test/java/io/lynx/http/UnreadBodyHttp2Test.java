package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests of HTTP/2 that are answered before their body has arrived. The server resets their streams without an error
 * (RFC 9113, 8.1), and a client sends nothing more on them.
 */
class UnreadBodyHttp2Test {
    /** More than twice the streams that may be open at a time. */
    private static final int REQUESTS = 600;

    private static TestServer server() {
        return TestServer.with(
                config -> config.maxBodySize(1000), http -> http.get("/", (_, response) -> response.send("ok"))
                        .post("/upload", (request, response) -> response.send("" + request.bytes().length)));
    }

    /** The answers together have more bytes than the window that a connection begins with. */
    private static void openWindow(Http2RawClient client) throws Exception {
        client.send(Http2RawClient.WINDOW_UPDATE, 0, 0, new byte[] {0, 16, 0, 0});
    }

    /** Sends a head whose body would be too large, and receives the answer and the reset. */
    private static void refuse(Http2RawClient client, int stream, String path, String status) throws Exception {
        client.post(stream, path, 100_000);
        assertThat(client.answer(stream)).startsWith(status);
        Http2RawClient.Frame reset = client.next(Http2RawClient.RST_STREAM);
        assertThat(reset.stream()).isEqualTo(stream);
        assertThat(reset.number()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"/upload, 413", "/nothing, 404"})
    void theConnectionServesFurtherRequests(String path, String status) throws Exception {
        try (TestServer server = server();
                Http2RawClient client = new Http2RawClient(server.port())) {
            openWindow(client);
            int next = 1;
            for (int i = 0; i < REQUESTS; i++) {
                refuse(client, next, path, status);
                next += 2;
            }

            client.get(next, "/");
            assertThat(client.answer(next)).isEqualTo("200 ok");
        }
    }

    @Test
    void bodiesThatCrossTheirResetsDoNoHarm() throws Exception {
        try (TestServer server = server();
                Http2RawClient client = new Http2RawClient(server.port())) {
            openWindow(client);
            int next = 1;
            for (int i = 0; i < REQUESTS; i++) {
                refuse(client, next, "/upload", "413");
                // More in all than the window that a connection begins with, so the server must give it back.
                client.send(Http2RawClient.DATA, 0, next, new byte[100]);
                client.send(Http2RawClient.DATA, 0, next, new byte[100]);
                next += 2;
            }

            client.get(next, "/");
            assertThat(client.answer(next)).isEqualTo("200 ok");
        }
    }

    @Test
    void trailersThatCrossTheResetDoNoHarm() throws Exception {
        try (TestServer server = server();
                Http2RawClient client = new Http2RawClient(server.port())) {
            refuse(client, 1, "/upload", "413");

            client.send(Http2RawClient.HEADERS, 5, 1, client.trailers("x-checksum", "1"));

            client.get(3, "/");
            assertThat(client.answer(3)).isEqualTo("200 ok");
        }
    }
}
