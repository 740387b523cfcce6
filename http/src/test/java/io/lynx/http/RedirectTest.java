package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirections to locations that clients choose. */
class RedirectTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    private static TestServer server() {
        return TestServer.with(http -> http.get(
                        "/any",
                        (request, response) ->
                                response.redirect(request.query("to").orElseThrow()))
                .get(
                        "/local",
                        (request, response) ->
                                response.redirectLocal(request.query("to").orElseThrow())));
    }

    @ParameterizedTest
    @CsvSource({
        "/any, /a%0D%0AX-Injected:1, 302, /a%0D%0AX-Injected:1",
        "/any, https://example.com/%C3%A4?b=%25c, 302, https://example.com/%C3%A4?b=%c",
        "/any, /a%20b, 302, /a%20b",
        "/any, /%5C%22, 302, /%5C%22",
        "/local, /orders?page=2, 303, /orders?page=2",
        "/local, /%5Cevil.example, 303, /%5Cevil.example",
        "/local, /%09/evil.example, 303, /%09/evil.example"
    })
    void leadWhereTheySay(String path, String to, int status, String location) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.send("GET " + path + "?to=" + to.replace("?", "%3F").replace("&", "%26") + HOST);
            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("location")).isEqualTo(location);
            assertThat(answer.header("x-injected")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "https://evil.example/",
                "evil",
                "javascript:alert(1)",
                "%5C%5Cevil",
                "%09//evil",
                ""
            })
    void stayOnThisServer(String to) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.send("GET /local?to=" + to + HOST);
            RawClient.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.headers()).doesNotContainKey("location");
        }
    }
}
