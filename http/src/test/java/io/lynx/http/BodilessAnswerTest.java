package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses whose answers have no body, although the handler sends one (RFC 9110, 15.3.5, 15.3.6 and 15.4.5). */
class BodilessAnswerTest {
    private static void routes(Routes http) {
        http.get("/next", (_, response) -> response.send("next"))
                .get("/{status}", (request, response) -> response.status(Integer.parseInt(request.path("status")))
                        .send("body"));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void overHttp1(int status) throws Exception {
        try (TestServer server = TestServer.with(BodilessAnswerTest::routes);
                RawClient client = server.raw()) {
            client.get("/" + status);
            client.get("/next");

            assertThat(client.answer(false).status()).isEqualTo(status);
            assertThat(client.answer().body()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void overHttp2(int status) throws Exception {
        try (TestServer server = TestServer.with(BodilessAnswerTest::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/" + status);
            assertThat(client.answer(1)).isEqualTo(status + " ");

            client.get(3, "/next");
            assertThat(client.answer(3)).isEqualTo("200 next");
        }
    }
}
