package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LoopbackCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 that TLS negotiates is examined from its first frame on, as it is in clear text. */
class Http2TlsTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SETTINGS_TIMEOUT = 4;
    private static final int STREAM_CLOSED = 5;

    private static LoopbackCertificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        certificate = LoopbackCertificate.make(folder);
    }

    private static TestServer serving(Duration headerTimeout) {
        return TestServer.with(
                limits -> limits.tls(certificate).headerTimeout(headerTimeout),
                http -> http.get("/", (_, response) -> response.send("ok")));
    }

    private static SSLSocket connect(TestServer server) throws Exception {
        SSLSocket socket =
                (SSLSocket) certificate.clientContext().getSocketFactory().createSocket("localhost", server.port());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void after(Duration time) throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> later.complete(null));
        later.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionThatAcknowledgesTheSettingsStaysOpen() throws Exception {
        try (TestServer server = serving(Duration.ofSeconds(2));
                Http2RawClient client = new Http2RawClient(connect(server))) {
            for (int stream = 1; stream < 7; stream += 2) {
                client.get(stream, "/");
                assertThat(client.answer(stream)).endsWith("ok");
                after(Duration.ofMillis(2500));
            }
            assertThat(client.lastStream).isEqualTo(-1);
        }
    }

    @Test
    void oneThatDoesNotIsEnded() throws Exception {
        try (TestServer server = serving(Duration.ofSeconds(5));
                RawClient client = new RawClient(connect(server))) {
            client.send(PREFACE);
            client.send(Http2RawClient.frame(Http2RawClient.SETTINGS, 0, 0, new byte[0]));

            byte[] all = client.rest();
            byte[] goAway = Arrays.copyOfRange(all, all.length - 17, all.length);
            assertThat((int) goAway[3]).isEqualTo(Http2RawClient.GOAWAY);
            assertThat((int) goAway[16]).isEqualTo(SETTINGS_TIMEOUT);
        }
    }

    @Test
    void aStreamIsNotUsedAgain() throws Exception {
        try (TestServer server = serving(Duration.ofSeconds(20));
                Http2RawClient client = new Http2RawClient(connect(server))) {
            client.get(1, "/");
            assertThat(client.answer(1)).endsWith("ok");
            client.get(1, "/");

            assertThat(client.next(Http2RawClient.GOAWAY).payload().getInt(4)).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void theReasonIsToldIfValidFramesWereReadWithTheInvalidOne() throws Exception {
        try (TestServer server = serving(Duration.ofSeconds(20));
                Http2RawClient client = new Http2RawClient(connect(server))) {
            client.get(1, "/");
            assertThat(client.answer(1)).endsWith("ok");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(Http2RawClient.frame(Http2RawClient.PING, 0, 0, new byte[8]));
            all.writeBytes(Http2RawClient.frame(Http2RawClient.HEADERS, 5, 1, client.head("GET", "/")));
            client.send(all.toByteArray());

            assertThat(client.next(Http2RawClient.GOAWAY).payload().getInt(4)).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void noFrameOfTheFirstReadPassesUnexamined() throws Exception {
        try (TestServer server = serving(Duration.ofSeconds(20));
                Http2RawClient client = new Http2RawClient(new RawClient(connect(server)))) {
            byte[] head = client.head("GET", "/");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(PREFACE);
            all.writeBytes(Http2RawClient.frame(Http2RawClient.SETTINGS, 0, 0, new byte[0]));
            all.writeBytes(Http2RawClient.frame(Http2RawClient.HEADERS, 5, 1, head));
            all.writeBytes(Http2RawClient.frame(Http2RawClient.HEADERS, 5, 1, head));
            client.send(all.toByteArray());

            assertThatThrownBy(() -> client.next(Http2RawClient.DATA))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }
}
