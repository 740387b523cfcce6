package io.lynx.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests in gzip, and those that are made to harm. */
class DecompressionTest {
    private static final String GZIP = "Content-Encoding: gzip\r\n";
    private static final byte[] ITEM = "{\"name\":\"b\u00f6x\"}".getBytes(UTF_8);

    record Item(String name) {}

    private static void routes(Routes http) {
        http.post(
                        "/json",
                        (request, response) ->
                                response.send(request.json(Item.class).name()))
                .post(
                        "/fast",
                        RouteOptions.nonBlocking(),
                        (request, response) ->
                                response.send(request.json(Item.class).name()))
                .post(
                        "/size",
                        (request, response) -> response.send(request.bytes().length + " " + request.bytes().length))
                .post(
                        "/loop",
                        RouteOptions.nonBlocking(),
                        (request, response) -> response.send("" + request.bytes().length))
                .post("/stream", (request, response) -> {
                    try (InputStream in = request.stream()) {
                        response.send("" + in.transferTo(OutputStream.nullOutputStream()));
                    }
                })
                .post(
                        "/form",
                        (request, response) ->
                                response.send(request.form().value("a").orElse("")));
    }

    private static TestServer server(UnaryOperator<TestLimits> limits) {
        return TestServer.with(limits, DecompressionTest::routes);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] and(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static RawClient.Answer post(TestServer server, String path, String headers, byte[] body)
            throws IOException {
        try (RawClient client = server.raw()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "Content-Length: " + body.length
                    + "\r\n\r\n");
            client.send(body);
            return client.answer();
        }
    }

    @Test
    void isOffByDefault() throws Exception {
        byte[] body = gzip(ITEM);
        try (TestServer server = server(limits -> limits)) {
            RawClient.Answer refused = post(server, "/json", GZIP, body);
            assertThat(refused.status()).isEqualTo(415);
            assertThat(refused.header("accept-encoding")).isEqualTo("identity");
            assertThat(post(server, "/size", GZIP, body).body()).isEqualTo(body.length + " " + body.length);
        }
    }

    @Test
    void handlersReadWhatTheClientHadBefore() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        String urlencoded = GZIP + "Content-Type: application/x-www-form-urlencoded\r\n";
        try (TestServer server = server(TestLimits::decompression)) {
            for (String path : List.of("/json", "/fast")) {
                assertThat(post(server, path, GZIP, gzip(ITEM)).body()).isEqualTo("b\u00f6x");
                assertThat(post(server, path, "Content-Encoding: X-GZIP\r\n", gzip(ITEM))
                                .body())
                        .isEqualTo("b\u00f6x");
                assertThat(post(server, path, "Content-Encoding: identity\r\n", ITEM)
                                .body())
                        .isEqualTo("b\u00f6x");
                assertThat(post(server, path, "", ITEM).body()).isEqualTo("b\u00f6x");
            }
            assertThat(post(server, "/size", GZIP, gzip(noise)).body()).isEqualTo("300000 300000");
            assertThat(post(server, "/stream", GZIP, gzip(noise)).body()).isEqualTo("300000");
            assertThat(post(server, "/size", GZIP, new byte[0]).body()).isEqualTo("0 0");
            assertThat(post(server, "/form", urlencoded, gzip("a=%C3%B6".getBytes(ISO_8859_1)))
                            .body())
                    .isEqualTo("\u00f6");
        }
    }

    @Test
    void membersFollowOneAnotherWhereverTheyAreSplit() throws Exception {
        byte[] noise = new byte[5000];
        new Random(7).nextBytes(noise);
        try (TestServer server = server(TestLimits::decompression)) {
            for (int size = 4040; size < 4100; size++) {
                byte[] first = gzip(Arrays.copyOf(noise, size));
                byte[] both = and(first, gzip(noise));
                assertThat(post(server, "/stream", GZIP, both).body()).isEqualTo("" + (size + 5000));
                assertThat(post(server, "/stream", GZIP, and(first, new byte[] {1}))
                                .status())
                        .isEqualTo(400);
                assertThat(post(server, "/stream", GZIP, Arrays.copyOf(both, first.length + 5))
                                .status())
                        .isEqualTo(400);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "gzip, gzip", "gzip\r\nContent-Encoding: gzip", "utf-8", ""})
    void otherCodingsAreRefused(String coding) throws Exception {
        try (TestServer server = server(TestLimits::decompression)) {
            RawClient.Answer refused = post(server, "/size", "Content-Encoding: " + coding + "\r\n", gzip(ITEM));
            assertThat(refused.status()).isEqualTo(415);
            assertThat(refused.header("accept-encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void brokenBodiesAreRefused() throws Exception {
        byte[] whole = gzip(ITEM);
        byte[] wrong = whole.clone();
        wrong[wrong.length - 6] ^= 1;
        try (TestServer server = server(TestLimits::decompression)) {
            for (String path : List.of("/size", "/stream", "/json", "/fast")) {
                assertThat(post(server, path, GZIP, ITEM).status()).isEqualTo(400);
                assertThat(post(server, path, GZIP, wrong).status()).isEqualTo(400);
                for (int length = 1; length < whole.length; length++) {
                    assertThat(post(server, path, GZIP, Arrays.copyOf(whole, length))
                                    .status())
                            .isEqualTo(400);
                }
            }
            assertThat(post(server, "/json", GZIP, whole).status()).isEqualTo(200);
        }
    }

    @Test
    void bombsAreRefused() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        byte[] zeros = gzip(new byte[30_000_000]);
        try (TestServer server = server(limits -> limits.decompression().maxBodySize(50_000_000))) {
            // It would be as large as a body may be, but is too cheap to send.
            assertThat(post(server, "/size", GZIP, zeros).status()).isEqualTo(413);
            assertThat(post(server, "/stream", GZIP, zeros).status()).isEqualTo(413);
            assertThat(post(server, "/size", GZIP, gzip(new byte[200_000])).status())
                    .isEqualTo(200);
            assertThat(post(server, "/loop", GZIP, gzip(new byte[270_000])).status())
                    .isEqualTo(413);
            assertThat(post(server, "/loop", GZIP, gzip(new byte[250_000])).body())
                    .isEqualTo("250000");
        }
        try (TestServer server = server(limits -> limits.decompression().maxBodySize(299_999))) {
            assertThat(post(server, "/size", GZIP, gzip(Arrays.copyOf(noise, 299_000)))
                            .status())
                    .isEqualTo(200);
            assertThat(post(server, "/size", GZIP, gzip(and(new byte[100_000], Arrays.copyOf(noise, 200_000))))
                            .status())
                    .isEqualTo(413);
        }
    }
}
