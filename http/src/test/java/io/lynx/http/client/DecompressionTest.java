package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Compressed answers. */
class DecompressionTest {
    private static final byte[] TEXT = "text ".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zipped = new GZIPOutputStream(out)) {
            zipped.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zipped = new DeflaterOutputStream(out)) {
            zipped.write(bytes);
        }
        return out.toByteArray();
    }

    private static ScriptedServer answering(String coding, byte[] body, AtomicReference<String> head)
            throws IOException {
        return new ScriptedServer(peer -> {
            while (true) {
                head.set(peer.head());
                peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + body.length
                                + "\r\n\r\n")
                        .send(body);
            }
        });
    }

    private static void assertRead(String coding, byte[] compressed) throws Exception {
        AtomicReference<String> head = new AtomicReference<>("");
        try (ScriptedServer server = answering(coding, compressed, head);
                HttpClient client = server.client().compression(true).build();
                HttpClient plain = server.client().build()) {
            ClientResponse response = client.get("/").send();
            assertThat(head.get()).contains("accept-encoding: gzip, deflate");
            assertThat(response.bytes()).isEqualTo(TEXT);
            assertThat(response.header("content-encoding")).isEmpty();
            assertThat(response.header("content-length")).isEmpty();
            try (StreamedResponse streamed = client.get("/").open()) {
                assertThat(streamed.stream().readAllBytes()).isEqualTo(TEXT);
            }
            assertThat(plain.get("/").send().bytes()).isEqualTo(compressed);
            assertThat(head.get()).doesNotContain("accept-encoding");
        }
    }

    @Test
    void decompresses() throws Exception {
        assertRead("gzip", gzip(TEXT));
        assertRead("deflate", deflate(TEXT));
    }

    @Test
    void anAnswerThatGrowsTooLarge() throws Exception {
        try (ScriptedServer server = answering("gzip", gzip(new byte[50_000_000]), new AtomicReference<>());
                HttpClient client =
                        server.client().compression(true).maxBodySize(1_000_000).build()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());

            assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
        }
    }

    @Test
    void anAnswerThatIsNotCompressed() throws Exception {
        byte[] whole = gzip(TEXT);
        for (byte[] body : new byte[][] {TEXT, Arrays.copyOf(whole, whole.length - 10), {1}}) {
            try (ScriptedServer server = answering("gzip", body, new AtomicReference<>());
                    HttpClient client = server.client().compression(true).build()) {
                HttpCallException failure = catchThrowableOfType(
                        HttpCallException.class, () -> client.get("/").send());

                assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
            }
        }
    }

    @Test
    void otherCodingsAreLeft() throws Exception {
        try (ScriptedServer server = answering("br", TEXT, new AtomicReference<>());
                HttpClient client = server.client().compression(true).build()) {
            ClientResponse response = client.get("/").send();

            assertThat(response.bytes()).isEqualTo(TEXT);
            assertThat(response.header("content-encoding")).contains("br");
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    String _ = peer.head();
                    peer.send("HTTP/1.0 200 OK\r\n\r\nto the end");
                });
                HttpClient client = server.client().build()) {
            assertThat(client.get("/").send().text()).isEqualTo("to the end");
            assertThat(client.get("/").send().text()).isEqualTo("to the end");
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void aStreamThatIsNotCompressed() throws Exception {
        try (ScriptedServer server = answering("gzip", TEXT, new AtomicReference<>());
                HttpClient client = server.client().compression(true).build();
                StreamedResponse streamed = client.get("/").open()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> streamed.stream().readAllBytes());

            assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
            streamed.close();
            Await.until("no connection is active", () -> client.counts().active() == 0);
        }
    }

    @Test
    void anAnswerWithoutABody() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        String _ = peer.head();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n");
                    }
                });
                HttpClient client = server.client().compression(true).build()) {
            assertThat(client.head("/").send().bytes()).isEmpty();
            try (StreamedResponse streamed = client.head("/").open()) {
                assertThat(streamed.stream().readAllBytes()).isEmpty();
            }
        }
    }
}
