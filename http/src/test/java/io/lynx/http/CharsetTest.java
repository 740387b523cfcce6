package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The charset that the content type of a body names. */
class CharsetTest {
    private static TestServer server;

    @BeforeAll
    static void open() {
        server = TestServer.with(http -> http.post("/", (request, response) -> response.send(request.text())));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /** Sends the byte E9, which is an accented e in ISO 8859-1 and nothing in UTF-8. */
    private static RawClient.Answer answer(String type) throws IOException {
        try (RawClient client = server.raw()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: 1\r\n\r\n\u00e9");
            return client.answer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain; charset=iso-8859-1",
                "text/plain;charset=\"iso-8859-1\"",
                "text/plain; CHARSET=\"ISO-8859-1\"; a=b",
                "text/plain; title=\"a; charset=utf-8\"; charset=iso-8859-1",
                "text/plain; title=\"a\\\"; charset=utf-8\"; charset=iso-8859-1"
            })
    void isReadWhereverItIs(String type) throws Exception {
        assertThat(answer(type).body()).isEqualTo("\u00e9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "text/plain; title=\"; charset=iso-8859-1\"", "text/plain; x-charset=iso-8859-1"})
    void isUtf8WithoutOne(String type) throws Exception {
        assertThat(answer(type).body().getBytes(StandardCharsets.UTF_8))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("\ufffd");
    }

    @Test
    void isRefusedIfItIsUnknown() throws Exception {
        assertThat(answer("text/plain; charset=klingon").status()).isEqualTo(415);
    }
}
