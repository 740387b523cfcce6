package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.Catalogue;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.transport.ListenerSection;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener behind a proxy that begins each connection with a header of the PROXY protocol. The proxy is the test. */
class ProxyProtocolTest {
    private static final String HEADER = "PROXY TCP4 203.0.113.9 10.0.0.1 56324 443\r\n";

    private @Nullable TestServer opened;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private TestServer server() {
        return Objects.requireNonNull(opened);
    }

    private static void show(Request request, Response response) {
        response.send(request.remoteAddress().getAddress().getHostAddress() + ":"
                + request.remoteAddress().getPort() + " " + request.scheme() + " "
                + request.peerAddress().getAddress().getHostAddress() + " " + request.isForwarded());
    }

    private void start(UnaryOperator<TestLimits> limits) {
        opened = TestServer.with(
                defaults -> limits.apply(defaults.trustedProxies("127.0.0.1").proxyProtocol()),
                http -> http.get("/", ProxyProtocolTest::show));
    }

    private long refused() {
        return server().metrics
                .registry()
                .counter(Catalogue.REQUESTS_REJECTED, "test", "proxy_protocol")
                .count();
    }

    private String shown(RawClient client) throws Exception {
        client.get("/");
        return client.answer().body();
    }

    @Test
    void theClientIsTheOneThatTheProxyTells() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send(HEADER);
            assertThat(shown(client)).isEqualTo("203.0.113.9:56324 http 127.0.0.1 true");
            assertThat(shown(client)).isEqualTo("203.0.113.9:56324 http 127.0.0.1 true");
        }
        try (RawClient client = server().raw()) {
            client.send(HEADER + "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().body()).startsWith("203.0.113.9:56324 ");
            assertThat(client.answer().body()).startsWith("203.0.113.9:56324 ");
        }
    }

    @Test
    void theHeaderMayArriveByteByByte() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            for (byte each : HEADER.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {each});
            }
            assertThat(shown(client)).startsWith("203.0.113.9:56324 ");
        }
    }

    private static byte[] version2(int command, byte... values) {
        return ByteBuffer.allocate(28 + values.length)
                .put("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII))
                .put((byte) command)
                .put((byte) 0x11)
                .putShort((short) (12 + values.length))
                .put(new byte[] {(byte) 203, 0, 113, 9, 10, 0, 0, 1, 0, 7, 0, 80})
                .put(values)
                .array();
    }

    @Test
    void version2TellsWhetherTheClientUsesTls() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send(
                    version2(0x21, (byte) 0x20, (byte) 0, (byte) 5, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
            assertThat(shown(client)).isEqualTo("203.0.113.9:7 https 127.0.0.1 true");
        }
    }

    @Test
    void aHealthCheckOfTheProxyIsItsOwnRequest() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send(version2(0x20));
            assertThat(shown(client)).startsWith("127.0.0.1:").endsWith(" http 127.0.0.1 true");
        }
        try (RawClient client = server().raw()) {
            client.send("PROXY UNKNOWN\r\n");
            assertThat(shown(client)).startsWith("127.0.0.1:").endsWith(" http 127.0.0.1 true");
        }
    }

    @Test
    void headersOfAClientItDoesNotTellAreNotRead() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n");
            assertThat(client.answer().body()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void headersOfTheClientItTellsAreReadIfThatIsATrustedProxyToo() throws Exception {
        start(limits -> limits.trustedProxies("127.0.0.1", "203.0.113.9"));
        try (RawClient client = server().raw()) {
            client.send(HEADER + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n");
            assertThat(client.answer().body()).startsWith("198.51.100.1:0 ");
        }
        server().close();

        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send(HEADER + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n");
            assertThat(client.answer().body()).startsWith("203.0.113.9:56324 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 x 443\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\r\n\r\n\0\r\nQUIT\nX",
                "\u0016\u0003\u0001",
            })
    void aConnectionWithoutAValidHeaderIsClosedWithoutAnAnswer(String text) throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send(text);
            assertThat(client.rest()).isEmpty();
        }
        TestServer.await(() -> refused() == 1);
    }

    @Test
    void aConnectionThatNoTrustedProxyOpensIsClosed() throws Exception {
        start(limits -> limits.trustedProxies("10.0.0.0/8"));
        try (RawClient client = server().raw()) {
            client.send(HEADER + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.rest()).isEmpty();
        } catch (java.net.SocketException reset) {
            // The connection was reset before this client had sent all.
        }
        TestServer.await(() -> refused() == 1);
        assertThat(server().listener.inFlight().current()).isZero();
    }

    @Test
    void aSlowHeaderEndsTheConnection() throws Exception {
        start(limits -> limits.headerTimeout(Duration.ofMillis(200)));
        try (RawClient silent = server().raw();
                RawClient slow = server().raw()) {
            slow.send("PROXY TCP4 ");
            assertThat(slow.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void tlsFollowsTheHeader(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        start(limits -> limits.tls(certificate));
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            plain.getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));
            try (SSLSocket tls = (SSLSocket) certificate
                            .clientContext()
                            .getSocketFactory()
                            .createSocket(plain, "localhost", server().port(), true);
                    RawClient client = new RawClient(tls)) {
                assertThat(shown(client)).isEqualTo("203.0.113.9:56324 https 127.0.0.1 true");
            }
        }
    }

    @Test
    void http2FollowsTheHeader() throws Exception {
        start(limits -> limits);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            plain.getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));
            Http2RawClient client = new Http2RawClient(plain);
            client.get(1, "/");
            assertThat(client.answer(1)).startsWith("200 203.0.113.9:56324 ");
        }
    }

    @Test
    void aDrainClosesAConnectionWhoseHeaderIsMissing() throws Exception {
        start(limits -> limits);
        try (RawClient client = server().raw()) {
            client.send("PROXY");
            TestServer.await(() -> server().listener.counts().openConnections() == 1);
            assertThat(server().drain()).isLessThan(Duration.ofSeconds(9));
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void itNeedsATrustedProxy() {
        ListenerSection defaults = ListenerSection.defaults();
        assertThatThrownBy(() -> new TestLimits().proxyProtocol().listener())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("proxy_protocol: true without trusted_proxies; name the addresses of the proxies there");
        assertThat(defaults.proxyProtocol()).isFalse();
    }
}
