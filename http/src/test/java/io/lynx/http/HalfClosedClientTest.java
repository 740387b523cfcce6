package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send a request, end their output and wait for the answer. */
class HalfClosedClientTest {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void routes(Routes http) {
        http.post("/slow", (request, response) -> {
            entered.countDown();
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            response.send("answered " + request.text());
        });
    }

    @Test
    void areAnswered() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            client.shutdownOutput();
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            released.countDown();

            assertThat(client.answer().body()).isEqualTo("answered abc");
            assertThat(client.isEnded()).isTrue();
            assertThat(server.listener.counts().abandoned()).isZero();
        }
    }

    @Test
    void areAnsweredWithTls(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (TestServer server = TestServer.with(config -> config.tls(certificate), this::routes)) {
            SSLSocket socket =
                    (SSLSocket) certificate.clientContext().getSocketFactory().createSocket("localhost", server.port());
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            try (RawClient client = new RawClient(socket)) {
                client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                client.shutdownOutput();
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                released.countDown();

                assertThat(client.answer().body()).isEqualTo("answered abc");
                assertThat(client.isEnded()).isTrue();
            }
        }
    }

    @Test
    void areGoneWithTlsWhenTheyReset(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (TestServer server = TestServer.with(config -> config.tls(certificate), this::routes)) {
            SSLSocket socket =
                    (SSLSocket) certificate.clientContext().getSocketFactory().createSocket("localhost", server.port());
            try (RawClient client = new RawClient(socket)) {
                client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
                client.abort();

                TestServer.await(() -> server.listener.counts().abandoned() == 1);
                released.countDown();
            }
        }
    }
}
