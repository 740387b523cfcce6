package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Http2Test {
    private static void routes(Routes http) {
        http.get("/", (request, response) -> response.send(request.protocol()))
                .post("/echo", (request, response) -> response.send(request.bytes()))
                .get("/large", (_, response) -> response.send(new byte[1_000_000]));
    }

    @Test
    void isSpokenWithPriorKnowledge() throws Exception {
        try (TestServer server = TestServer.with(Http2Test::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/");
            assertThat(client.answer(1)).isEqualTo("200 HTTP/2");

            client.get(3, "/nothing");
            assertThat(client.answer(3)).startsWith("404 {").contains("request_id");
        }
    }

    /** Its first request offers the upgrade, and its body waits for the answer 100. */
    @Test
    void aClientThatAwaitsContinueGetsItsAnswer() throws Exception {
        try (TestServer server = TestServer.with(Http2Test::routes);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> echoed = client.send(
                        HttpRequest.newBuilder(URI.create(server.listener.url() + "/echo"))
                                .expectContinue(true)
                                .timeout(Duration.ofSeconds(20))
                                .POST(HttpRequest.BodyPublishers.ofString("z".repeat(1000 + i)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

                assertThat(echoed.statusCode()).isEqualTo(200);
                assertThat(echoed.body()).hasSize(1000 + i);
            }
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void isUpgradedTo() throws Exception {
        try (TestServer server = TestServer.with(Http2Test::routes);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(server.listener.url() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.body()).isEqualTo("HTTP/2");
            }
            HttpResponse<String> echoed = client.send(
                    HttpRequest.newBuilder(URI.create(server.listener.url() + "/echo"))
                            .POST(HttpRequest.BodyPublishers.ofString("z".repeat(500_000)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            HttpResponse<byte[]> large = client.send(
                    HttpRequest.newBuilder(URI.create(server.listener.url() + "/large"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());

            assertThat(echoed.body()).hasSize(500_000);
            assertThat(large.body()).hasSize(1_000_000);
            TestServer.await(() -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void isNegotiatedOverTls(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (TestServer server = TestServer.with(config -> config.tls(certificate), Http2Test::routes);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(certificate.clientContext())
                        .build();
                HttpClient old = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(certificate.clientContext())
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.listener.url() + "/"))
                    .build();

            assertThat(server.listener.url()).startsWith("https://");
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("HTTP/2");
            assertThat(old.send(request, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("HTTP/1.1");
            server.listener.announceStop();
            HttpResponse<String> last = old.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(last.headers().firstValue("connection")).contains("close");
            assertThat(server.drain()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void closesTlsWithoutLosingTheAnswer(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        SSLContext trusting = certificate.clientContext();
        try (TestServer server = TestServer.with(config -> config.tls(certificate), Http2Test::routes)) {
            server.listener.announceStop();
            try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", server.port());
                    RawClient client = new RawClient(socket)) {
                client.get("/");

                assertThat(client.answer().body()).isEqualTo("HTTP/1.1");
                assertThat(client.isEnded()).isTrue();
            }
        }
    }

    @Test
    void saysWhatIsWrongWithItsCertificate(@TempDir Path directory) throws Exception {
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);

        assertThatThrownBy(() -> open(TlsFiles.of("/no/such.pem", "k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lynx.http.tls.certificate: /no/such.pem cannot be read");
        assertThatThrownBy(() -> open(TlsFiles.of(nonsense.toString(), "k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lynx.http.tls.certificate: " + nonsense);
        assertThatThrownBy(() -> open(TlsFiles.of(certificate.certificate().toString(), nonsense.toString())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lynx.http.tls.key: " + nonsense + " holds no private key");
    }

    private static void open(TlsFiles tls) throws Exception {
        try (HttpListener listener = HttpListener.builder("http")
                .listener(new TestLimits().tls(tls).listener())
                .ticker(new ManualTime())
                .build()) {
            listener.open();
        }
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (TestServer server = TestServer.with(Http2Test::routes);
                HttpListener second = HttpListener.builder("http")
                        .address("127.0.0.1", server.port())
                        .build()) {
            assertThatThrownBy(second::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("lynx.http.port: cannot listen on 127.0.0.1:" + server.port())
                    .hasMessageContaining("0 for any");
        }
    }

    @Test
    void endsAFloodOfResets() throws Exception {
        try (TestServer server = TestServer.with(
                        http -> http.get("/", RouteOptions.defaults().interruptWhenCancelled(), (_, response) -> {
                            boolean _ = new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                            response.send("never");
                        }));
                Http2RawClient client = new Http2RawClient(server.port())) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 2 * 400; stream += 2) {
                flood.writeBytes(Http2RawClient.frame(Http2RawClient.HEADERS, 5, stream, client.head("GET", "/")));
                flood.writeBytes(Http2RawClient.frame(Http2RawClient.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
            }
            client.send(flood.toByteArray());

            Http2RawClient.Frame goAway = client.next(Http2RawClient.GOAWAY);

            // ENHANCE_YOUR_CALM (RFC 9113, 7).
            assertThat(goAway.payload().getInt(4)).isEqualTo(11);
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            TestServer.await(() -> server.listener.counts().openConnections() == 0);
        }
    }

    /** The server reads nothing more once the answers wait, and the idle timeout ends what is silent then, at whatever speed. */
    @Test
    void endsAFloodOfPingsThatNobodyReadsTheAnswersTo() throws Exception {
        try (TestServer server =
                        TestServer.with(limits -> limits.idleTimeout(Duration.ofSeconds(2)), Http2Test::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            // Without it, the limit of the settings would be what ends the connection.
            client.send(Http2RawClient.SETTINGS, 1, 0, new byte[0]);
            byte[] flood = repeated(Http2RawClient.frame(Http2RawClient.PING, 0, 0, new byte[8]), 10_000);

            assertThatThrownBy(() -> {
                        // More than what fits into the buffers of both sockets, so that this blocks until the end.
                        for (int i = 0; i < 10_000; i++) {
                            client.send(flood);
                        }
                    })
                    .isInstanceOf(IOException.class);
            TestServer.await(() -> server.listener.counts().openConnections() == 0);
        }
    }

    private static byte[] repeated(byte[] frame, int times) {
        ByteBuffer all = ByteBuffer.allocate(frame.length * times);
        while (all.hasRemaining()) {
            all.put(frame);
        }
        return all.array();
    }

    @Test
    void cancelsTheWorkOfAStreamThatIsReset() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestServer server = TestServer.with(
                        http -> http.get("/hang", RouteOptions.defaults().interruptWhenCancelled(), (_, _) -> {
                                    entered.countDown();
                                    try {
                                        boolean _ = new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                    }
                                })
                                .get("/", (_, response) -> response.send("ok")));
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/hang");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            client.send(Http2RawClient.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.counts().abandoned()).isEqualTo(1);
            client.get(3, "/");
            assertThat(client.answer(3)).isEqualTo("200 ok");
            assertThat(server.listener.counts().abandoned()).isEqualTo(1);
        }
    }

    @Test
    void resetsAStreamWhoseWindowStaysShut() throws Exception {
        try (TestServer server =
                        TestServer.with(config -> config.stallTimeout(Duration.ofMillis(150)), Http2Test::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/large");

            assertThat(client.answer(1)).isEqualTo("200" + " reset 2");
            TestServer.await(() -> server.listener.inFlight().current() == 0);
            assertThat(server.listener.counts().timedOut()).isEqualTo(1);
        }
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws Exception {
        try (TestServer server = TestServer.with(config -> config.maxHeaderSize(2048), Http2Test::routes);
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/?" + "x".repeat(2200));

            assertThat(client.answer(1)).startsWith("431");
        }
    }
}
