package io.lynx.http;

import static io.lynx.http.Http2Script.END_HEADERS;
import static io.lynx.http.Http2Script.END_STREAM;
import static io.lynx.http.Http2Script.HEADERS;
import static io.lynx.http.Http2Script.fields;
import static io.lynx.http.Http2Script.join;
import static io.lynx.http.Http2Script.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Characters of HTTP/2 fields that would mean something else in HTTP/1.1: each ends its stream alone (RFC 9113, 8.2.1 and 8.3.1), and no
 * handler runs.
 */
class Http2FieldsTest {
    private static final Queue<String> HANDLED = new ConcurrentLinkedQueue<>();
    private static TestServer server;

    @BeforeAll
    static void open() {
        server = TestServer.with(
                http -> http.get("/", Http2FieldsTest::handle).get("/{any...}", Http2FieldsTest::handle));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static void handle(Request request, Response response) {
        HANDLED.add(request.path() + " " + request.authority().orElse("") + " " + request.headers());
        response.send("ok");
    }

    private static void assertEndsItsStreamAlone(byte[] head) throws Exception {
        HANDLED.clear();
        try (Http2Script client = Http2Script.greeted(server.port())) {
            client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head);

            assertThat(client.error()).isEqualTo("RST_STREAM 1");
            assertThat(HANDLED).isEmpty();
            assertThat(client.get(3).answer(3)).isEqualTo("answered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:b", "a\rb", "a\nb", "a\r\nb", "a\0b", "a\u007fb", "a\u00e9b", "a\"b", " a", "a "})
    void aNameThatIsNotAToken(String name) throws Exception {
        assertEndsItsStreamAlone(join(request("GET"), fields(name, "ok")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\rb", "a\nb", "a\r\nx-admin: b", "a\0b", "a\u0001b", "a\u007fb", " a", "a ", "\ta", "a\t", " "
            })
    void aValueWithControlCharactersOrBlankEnds(String value) throws Exception {
        assertEndsItsStreamAlone(join(request("GET"), fields("x-test", value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a b", "/a\rb", "/a\nb", "/ HTTP/1.1\r\nx: y", "/a\0b", "/a\tb", "/a\u007fb", "/\u00e9", "/a#b"
            })
    void aPathWithCharactersThatMustBeEscaped(String path) throws Exception {
        assertEndsItsStreamAlone(fields(":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"G T", "GET ", "GET\r\n", "GET\0", "G(T", "G\u00e9T", ""})
    void aMethodThatIsNotAToken(String method) throws Exception {
        assertEndsItsStreamAlone(request(method));
    }

    @Test
    void otherBytesAboveAsciiAreTaken() throws Exception {
        HANDLED.clear();
        try (Http2Script client = Http2Script.greeted(server.port())) {
            client.frame(
                    HEADERS, END_STREAM | END_HEADERS, 1, join(request("GET"), fields("x-test", "caf\u00e9\tau lait")));

            assertThat(client.answer(1)).isEqualTo("answered");
            assertThat(HANDLED).singleElement().asString().contains("caf\u00e9\tau lait");
        }
    }

    @Test
    void anAuthorityIsRequired() throws Exception {
        HANDLED.clear();
        byte[] head = fields(":method", "GET", ":scheme", "http", ":path", "/");
        try (Http2Script client = Http2Script.greeted(server.port())) {
            client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head);
            assertThat(client.answer(1)).isEqualTo("answered with an error status");
            assertThat(HANDLED).isEmpty();

            client.frame(HEADERS, END_STREAM | END_HEADERS, 3, join(head, fields("host", "localhost")));
            assertThat(client.answer(3)).isEqualTo("answered");
            assertThat(HANDLED).singleElement().asString().startsWith("/ localhost ");
        }
    }
}
