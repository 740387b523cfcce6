package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Requests that are sent behind a body which the server does not read. */
class UnreadBodyTest {
    @Test
    void nothingIsServedBehindIt() throws Exception {
        Queue<String> served = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.with(http -> http.post("/refused", (_, _) -> {
                            throw new HttpException(400, "no");
                        })
                        .get("/behind", (request, response) -> {
                            served.add(request.path());
                            response.send("served");
                        }));
                RawClient client = server.raw()) {
            client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(300_000));

            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("connection")).isEqualTo("close");
            sendIfOpen(client, "x".repeat(700_000) + "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.rest()).isEmpty();
            assertThat(served).isEmpty();
        }
    }

    private static void sendIfOpen(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException closed) {
            // The server has closed the connection already.
        }
    }
}
