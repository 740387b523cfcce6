package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The length that a handler declares, and answers that have no content. */
class ContentLengthTest {
    private static void routes(Routes http) {
        http.get("/{length}", (request, response) -> {
                    response.header("Content-Length", request.path("length"));
                    try (OutputStream out = response.stream()) {
                        for (int i = 0; i < 10; i++) {
                            out.write("0123456789".getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                        }
                    }
                })
                .get("/status/{status}", (request, response) -> response.status(
                                Integer.parseInt(request.path("status")))
                        .send("content"));
    }

    @Test
    void aDeclaredLengthThatFitsIsSent() throws Exception {
        try (TestServer server = TestServer.with(ContentLengthTest::routes);
                RawClient client = server.raw()) {
            client.get("/100");
            RawClient.Answer answer = client.answer();
            assertThat(answer.header("content-length")).isEqualTo("100");
            assertThat(answer.body()).hasSize(100);

            client.get("/100");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/99", "/101", "/5"})
    void aDeclaredLengthThatDoesNotFitClosesTheConnection(String path) throws Exception {
        try (TestServer server = TestServer.with(ContentLengthTest::routes);
                RawClient client = server.raw()) {
            client.get(path);
            client.get("/100");

            String all = new String(client.rest(), StandardCharsets.US_ASCII);

            int body = all.indexOf("\r\n\r\n") + 4;
            assertThat(body < 4 ? 0 : all.length() - body).isLessThanOrEqualTo(Integer.parseInt(path.substring(1)));
        }
    }

    @Test
    void aLengthThatIsNotANumberIsA500() throws Exception {
        try (TestServer server = TestServer.with(ContentLengthTest::routes);
                RawClient client = server.raw()) {
            client.get("/many");
            assertThat(client.answer().status()).isEqualTo(500);
            client.get("/100");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void answersWithoutContentHaveNone(int status) throws Exception {
        try (TestServer server = TestServer.with(ContentLengthTest::routes);
                RawClient client = server.raw();
                Http2RawClient http2 = new Http2RawClient(server.port())) {
            client.get("/status/" + status);
            RawClient.Answer answer = client.answer(false);
            assertThat(answer.status()).isEqualTo(status);
            client.get("/100");
            assertThat(client.answer().status()).isEqualTo(200);

            http2.get(1, "/status/" + status);
            assertThat(http2.answer(1)).isEqualTo(status + " ");
        }
    }
}
