package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.RawClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed answers as bytes: their headers, streams, and what limits them. */
class CompressionTest {
    private static final String TEXT = "0123456789".repeat(500);
    private static final byte[] HUGE = hexadecimal(1_000_000);

    private final CountDownLatch released = new CountDownLatch(1);
    private final TestServer server = TestServer.with(limits -> limits.compression(true), this::routes);

    /** Text that compression makes half as long. */
    private static byte[] hexadecimal(int length) {
        byte[] text = new byte[length];
        Random random = new Random(7);
        for (int i = 0; i < length; i++) {
            text[i] = (byte) Character.forDigit(random.nextInt(16), 16);
        }
        return text;
    }

    private void routes(Routes http) {
        http.get("/", (request, response) -> {
                    request.query("etag").ifPresent(value -> response.header("ETag", value));
                    request.query("cache").ifPresent(value -> response.header("Cache-Control", value));
                    request.query("vary").ifPresent(value -> response.header("Vary", value));
                    request.query("encoding").ifPresent(value -> response.header("Content-Encoding", value));
                    request.query("status").ifPresent(value -> response.status(Integer.parseInt(value)));
                    request.query("range").ifPresent(value -> response.header("Content-Range", value));
                    response.send(TEXT);
                })
                .get("/huge", (_, response) -> response.type("text/plain").send(HUGE))
                .get("/fast", RouteOptions.nonBlocking(), (_, response) -> response.send(TEXT))
                .get("/fast-huge", RouteOptions.nonBlocking(), (_, response) -> response.type("text/plain")
                        .send(HUGE))
                .get("/stream", (request, response) -> {
                    response.type("text/plain");
                    request.query("length").ifPresent(value -> response.header("Content-Length", value));
                    try (OutputStream out = response.stream()) {
                        for (int at = 0; at < HUGE.length; at += 10_000) {
                            out.write(HUGE, at, 10_000);
                        }
                    }
                })
                .get("/slow", (_, response) -> {
                    try (OutputStream out = response.type("text/plain").stream()) {
                        out.write("first".getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
                        out.write("second".getBytes(StandardCharsets.UTF_8));
                    }
                })
                .get("/short", (_, response) -> {
                    try (OutputStream out = response.type("text/plain").header("Content-Length", "9000").stream()) {
                        out.write(HUGE, 0, 8999);
                    }
                })
                .get("/long-lived", (_, response) -> {
                    try (OutputStream out = response.type("text/plain").longLived(_ -> {})) {
                        out.write(TEXT.getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    @AfterEach
    void close() {
        released.countDown();
        server.close();
    }

    private Answer head(RawClient client, String line, String accepted) throws IOException {
        client.send(line + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
        return client.answer(false);
    }

    private Answer head(String line, String accepted) throws IOException {
        try (RawClient client = server.raw()) {
            return head(client, line, accepted);
        }
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/huge", "/stream", "/stream?length=1000000"})
    void aLargeAnswerIsCompressedInPieces(String path) throws Exception {
        try (RawClient client = server.raw()) {
            for (int i = 0; i < 2; i++) {
                Answer answer = head(client, "GET " + path, "gzip");
                assertThat(answer.header("content-encoding")).isEqualTo("gzip");
                assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.header("content-length")).isEmpty();
                byte[] body = client.body(answer);
                assertThat(body).hasSizeLessThan(HUGE.length * 2 / 3);
                assertThat(unzipped(body)).isEqualTo(HUGE);
            }
        }
    }

    @Test
    void anEventLoopCompressesSmallAnswersOnly() throws Exception {
        assertThat(head("GET /fast", "gzip").header("content-encoding")).isEqualTo("gzip");
        Answer huge = head("GET /fast-huge", "gzip");
        assertThat(huge.header("content-encoding")).isEmpty();
        assertThat(huge.header("vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(huge.header("content-length")).isEqualTo("1000000");
        assertThat(head("HEAD /fast-huge", "gzip").header("content-length")).isEqualTo("1000000");
    }

    @Test
    void aFlushSendsWhatHasBeenWritten() throws Exception {
        try (RawClient client = server.raw()) {
            Answer answer = head(client, "GET /slow", "gzip");
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            int length = Integer.parseInt(client.line(), 16);
            byte[] first = client.readExactly(length);
            Inflater inflater = new Inflater(true);
            inflater.setInput(first, 10, first.length - 10);
            byte[] text = new byte[100];
            assertThat(new String(text, 0, inflater.inflate(text), StandardCharsets.UTF_8))
                    .isEqualTo("first");
            inflater.end();
            released.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "%22abc%22, gzip, W/\"abc\"",
        "W/%22abc%22, gzip, W/\"abc\"",
        "%22abc%22, identity, \"abc\"",
    })
    void aStrongValidatorOfACompressedAnswerBecomesWeak(String etag, String accepted, String expected)
            throws Exception {
        assertThat(head("GET /?etag=" + etag, accepted).header("etag")).isEqualTo(expected);
        assertThat(head("HEAD /?etag=" + etag, accepted).header("etag")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache=no-transform",
                "cache=max-age=60,%20No-Transform",
                "encoding=br",
                "encoding=identity",
                "status=206&range=bytes%200-4999/9000",
            })
    void answersThatMustNotChangeAreLeftAlone(String query) throws Exception {
        Answer answer = head("GET /?" + query, "gzip");
        assertThat(answer.header("content-encoding")).isNotEqualTo("gzip");
        assertThat(answer.header("vary")).isEmpty();
        assertThat(answer.header("content-length")).isEqualTo("5000");
    }

    @Test
    void cachesAreToldOnce() throws Exception {
        assertThat(head("GET /", "identity").header("vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(head("GET /?vary=accept-encoding", "gzip").header("vary")).isEqualTo("accept-encoding");
        assertThat(head("GET /?vary=*", "gzip").header("vary")).isEqualTo("*");
        assertThat(head("GET /?status=304&etag=%22a%22", "gzip").header("vary"))
                .isEqualToIgnoringCase("accept-encoding");
        assertThat(head("GET /?status=304&etag=%22a%22", "gzip").header("content-encoding"))
                .isEmpty();
        assertThat(head("GET /?status=204", "gzip").header("vary")).isEmpty();
    }

    @Test
    void errorsAreTooSmall() throws Exception {
        Answer answer = head("GET /nothing", "gzip");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("content-encoding")).isEmpty();
    }

    @Test
    void aLongLivedAnswerIsNot() throws Exception {
        assertThat(head("GET /long-lived", "gzip").header("content-encoding")).isEmpty();
    }

    @Test
    void aWrongLengthIsFoundAllTheSame() throws Exception {
        try (RawClient client = server.raw()) {
            Answer answer = head(client, "GET /short", "gzip");
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(new String(client.rest(), StandardCharsets.ISO_8859_1)).doesNotEndWith("0\r\n\r\n");
        }
    }

    /** More than may be compressed at a time, none of which is read. */
    @Test
    void clientsThatLeaveFreeTheirPlaces() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (RawClient client = server.raw()) {
                client.send("GET /stream HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
                Answer answer = client.answer(false);
                assertThat(answer.status()).isEqualTo(200);
                client.abort();
            }
        }
        TestServer.await(() -> server.listener.inFlight().current() == 0);
        assertThat(head("GET /stream", "gzip").header("content-encoding")).isEqualTo("gzip");
    }
}
