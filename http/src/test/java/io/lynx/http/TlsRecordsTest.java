package io.lynx.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records of TLS with little or no content. */
class TlsRecordsTest {
    private static final int MANY = 200_000;

    private static LoopbackCertificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificate = LoopbackCertificate.make(directory);
    }

    private static SSLSocket connect(int port) throws Exception {
        SSLContext trusting = certificate.clientContext();
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        socket.startHandshake();
        return socket;
    }

    private static void routes(Routes http) {
        http.post("/length", (request, response) -> response.send("" + request.bytes().length));
    }

    @Test
    void updatesOfTheKeysWithoutContentEndTheConnection() throws Exception {
        try (TestServer server = TestServer.with(config -> config.tls(certificate), TlsRecordsTest::routes);
                SSLSocket socket = connect(server.port())) {
            // As many as the server accepts, and some hundreds or thousands more before the client learns of the end.
            assertThat(updates(socket)).isBetween(32, MANY - 1);
        }
    }

    /** Returns after how many updates the server has ended the connection. */
    private static int updates(SSLSocket socket) {
        int count = 0;
        try {
            while (count < MANY) {
                socket.startHandshake();
                count++;
            }
        } catch (IOException ended) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        return count;
    }

    @Test
    void aBodyInRecordsOfOneByteIsRead() throws Exception {
        try (TestServer server = TestServer.with(config -> config.tls(certificate), TlsRecordsTest::routes);
                SSLSocket socket = connect(server.port())) {
            int length = 10_000;
            write(socket, "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            for (int i = 0; i < length; i++) {
                write(socket, "x");
                if (i % 100 == 0) {
                    socket.startHandshake();
                }
            }

            assertThat(answer(socket.getInputStream()))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("10000");
        }
    }

    /** As on a machine that is busy, where the end of the handshake and the beginning of the body are read together. */
    @Test
    void aRecordThatBeginsWithTheEndOfTheHandshakeIsRead() throws Exception {
        int length = 1024 * 1024;
        try (TestServer server = TestServer.with(
                        config -> config.tls(certificate).maxBodySize(length),
                        http -> http.post("/length", (request, response) -> {
                            long read = request.stream().transferTo(OutputStream.nullOutputStream());
                            response.send(read + " 10000");
                        }));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            EngineClient client = new EngineClient(certificate.clientContext().createSSLEngine(), socket);
            byte[] last = client.handshake();
            byte[] head = client.encrypt(
                    ("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n").getBytes(US_ASCII));
            byte[] piece = new byte[8 * 1024];
            byte[] first = client.encrypt(piece);
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            together.writeBytes(last);
            together.writeBytes(head);
            together.write(first, 0, 100);
            socket.getOutputStream().write(together.toByteArray());
            // The server answers the end of the handshake with tickets, so it has read so far.
            client.awaitRecord();
            socket.getOutputStream().write(first, 100, first.length - 100);
            for (int sent = piece.length; sent < length; sent += piece.length) {
                socket.getOutputStream().write(client.encrypt(piece));
            }

            assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith(length + " 10000");
        }
    }

    /** What follows a handshake that waits for its turn must wait behind it. */
    @Test
    @Timeout(180)
    void manyHandshakesAtATimeKeepTheOrderOfTheirRecords() throws Exception {
        byte[] body = new byte[200_000];
        // On a busy machine a handshake waits long behind the others.
        try (TestServer server = TestServer.with(
                        config -> config.tls(certificate).headerTimeout(Duration.ofSeconds(60)),
                        TlsRecordsTest::routes);
                ExecutorService threads = Executors.newFixedThreadPool(40)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                answers.add(threads.submit(() -> {
                    try (SSLSocket socket = connect(server.port())) {
                        write(
                                socket,
                                "POST /length HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                                        + body.length + "\r\n\r\n");
                        socket.getOutputStream().write(body);
                        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
                    }
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(50, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("" + body.length);
            }
        }
    }

    private static void write(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (!read.toString().endsWith("10000")) {
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            read.append(new String(buffer, 0, count, US_ASCII));
        }
        return read.toString();
    }
}
