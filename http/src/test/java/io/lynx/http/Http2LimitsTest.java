package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class Http2LimitsTest {
    @Test
    void aPathThatIsTooLongIsRefused() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.maxUriLength(256), http -> http.get("/", (_, response) -> response.send("ok"))
                                .get("/{name}", (_, response) -> response.send("ok")));
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/" + "a".repeat(255));
            assertThat(client.answer(1)).isEqualTo("200 ok");

            client.get(3, "/" + "a".repeat(256));
            assertThat(client.answer(3)).startsWith("414 ");

            client.get(5, "/");
            assertThat(client.answer(5)).isEqualTo("200 ok");
        }
    }

    @Test
    void aHeadThatArrivesTooSlowlyEndsTheConnection() throws Exception {
        try (TestServer server = TestServer.with(
                        config -> config.headerTimeout(Duration.ofSeconds(2)),
                        http -> http.get("/", (_, response) -> response.send("ok")));
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/");
            assertThat(client.answer(1)).isEqualTo("200 ok");

            // A frame HEADERS of 50 bytes, of which one arrives.
            client.send(new byte[] {0, 0, 50, 1, 5, 0, 0, 0, 3, 0});

            assertThat(client.next(Http2RawClient.GOAWAY).payload().getInt(4)).isEqualTo(11);
            assertThat(client.isEnded()).isTrue();
        }
    }
}
