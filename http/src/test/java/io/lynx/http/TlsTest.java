package io.lynx.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.security.Principal;
import io.lynx.transport.CertificateFiles;
import io.lynx.transport.ClientAuthentication;
import io.lynx.transport.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listener with TLS accepts and shows, with real sockets. */
class TlsTest {
    private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

    private static TestAuthority authority;
    private static TestAuthority.Issued server;
    private static TestAuthority.Issued rsa;
    private static TestAuthority.Issued other;
    private static TestAuthority.Issued alice;

    @BeforeAll
    static void issue(@TempDir Path directory) throws Exception {
        authority = TestAuthority.in(directory);
        server = authority.issue("server");
        rsa = authority.issueRsa("rsa");
        other = authority.issueFor("other", List.of("dns:*.shop.example"));
        alice = authority.issueFor("alice", List.of("email:alice@example.org"));
    }

    private static TlsFiles files(
            CertificateFiles first,
            List<CertificateFiles> more,
            boolean isMutual,
            Optional<ClientAuthentication> authentication,
            List<String> protocols,
            List<String> ciphers) {
        return new TlsFiles(
                first.certificate(),
                first.key(),
                first.password(),
                more,
                isMutual ? Optional.of(authority.certificate().toString()) : Optional.empty(),
                authentication,
                protocols,
                ciphers,
                Duration.ZERO);
    }

    private static CertificateFiles pem(TestAuthority.Issued issued) {
        return new CertificateFiles(
                issued.certificate().toString(), Optional.of(issued.key().toString()), Optional.empty());
    }

    private static TlsFiles accepting(List<String> protocols, List<String> ciphers) {
        return files(pem(server), List.of(pem(rsa)), false, Optional.empty(), protocols, ciphers);
    }

    private static TestServer start(TlsFiles files) {
        return TestServer.intercepted(
                limits -> limits.tls(files),
                http -> http.get(
                        "/who",
                        (request, response) ->
                                response.send(request.clientCertificates().size() + " "
                                        + RequestContext.current()
                                                .principal()
                                                .map(Principal::name)
                                                .orElse("nobody"))),
                all -> all.add(
                        StandardInterceptors.AUTHENTICATION,
                        StandardInterceptors.clientCertificate(certificate ->
                                certificate.getSubjectX500Principal().getName())));
    }

    private static SSLSocket connect(TestServer server, SSLContext client, SSLParameters parameters) throws Exception {
        SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static SSLParameters parameters(List<String> protocols, List<String> ciphers) throws Exception {
        SSLParameters parameters = authority.client(null).getDefaultSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (!ciphers.isEmpty()) {
            parameters.setCipherSuites(ciphers.toArray(String[]::new));
        }
        return parameters;
    }

    private static String who(SSLSocket socket) throws Exception {
        try (RawClient client = new RawClient(socket)) {
            client.get("/who");
            return client.answer().body();
        }
    }

    @Test
    void acceptsTheChosenProtocolsOnly() throws Exception {
        try (TestServer both = start(accepting(BOTH, List.of()));
                TestServer newest = start(accepting(List.of("TLSv1.3"), List.of()))) {
            for (String protocol : BOTH) {
                SSLSocket socket = connect(both, authority.client(null), parameters(List.of(protocol), List.of()));
                assertThat(who(socket)).isEqualTo("0 nobody");
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            }
            try (SSLSocket old = connect(newest, authority.client(null), parameters(List.of("TLSv1.2"), List.of()))) {
                assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void refusesOldVersions() throws Exception {
        try (TestServer started = start(accepting(BOTH, List.of()))) {
            for (int minor : List.of(1, 2)) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port())) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(hello(minor));
                    InputStream in = socket.getInputStream();
                    byte[] alert = in.readNBytes(7);
                    // A fatal alert (RFC 8446, 6.2): protocol_version.
                    assertThat(HexFormat.of().formatHex(alert)).startsWith("15").endsWith("0246");
                }
            }
        }
    }

    /** The first message of a client of TLS 1.0 or 1.1. */
    private static byte[] hello(int minor) {
        String random = "00".repeat(32);
        String version = "030" + minor;
        // A session without id, one cipher suite (TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA), no compression.
        String body = version + random + "00" + "0002c013" + "0100";
        String handshake = "01" + String.format(Locale.ROOT, "%06x", body.length() / 2) + body;
        return HexFormat.of()
                .parseHex("16" + version + String.format(Locale.ROOT, "%04x", handshake.length() / 2) + handshake);
    }

    @Test
    void honoursTheChosenCiphersAndTheirOrder() throws Exception {
        List<String> chosen =
                List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        try (TestServer started = start(accepting(BOTH, chosen))) {
            SSLSocket any = connect(
                    started,
                    authority.client(null),
                    parameters(List.of("TLSv1.3"), List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384")));
            assertThat(who(any)).isEqualTo("0 nobody");
            assertThat(any.getSession().getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
            SSLSocket older = connect(started, authority.client(null), parameters(List.of("TLSv1.2"), List.of()));
            assertThat(who(older)).isEqualTo("0 nobody");
            assertThat(older.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
            try (SSLSocket none = connect(
                    started,
                    authority.client(null),
                    parameters(List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))) {
                assertThatThrownBy(none::startHandshake).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void refusesWhatItCannotAccept() {
        assertThatThrownBy(() -> accepting(List.of("TLSv1.1"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("protocols: 'TLSv1.1'; allowed are [TLSv1.2, TLSv1.3]");
        assertThatThrownBy(() -> accepting(List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("protocols: none; allowed are [TLSv1.2, TLSv1.3]");
        assertThatThrownBy(() -> accepting(BOTH, List.of("TLS_RSA_WITH_RC4_128_MD5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "'TLS_RSA_WITH_RC4_128_MD5' is not a secure cipher suite of this JDK; allowed are")
                .hasMessageContaining("TLS_AES_128_GCM_SHA256");
        assertThatThrownBy(() -> accepting(BOTH, List.of("TLS_AES_128_GCM_SHA256")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ciphers: none for TLSv1.2; remove that from protocols, or add some of")
                .hasMessageNotContaining("[TLS_AES");
        assertThatThrownBy(() ->
                        files(pem(server), List.of(), false, Optional.of(ClientAuthentication.WANTED), BOTH, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client_authentication without client_certificates");
    }

    @Test
    void negotiatesTheProtocolOfTheApplication() throws Exception {
        try (TestServer started = start(accepting(BOTH, List.of()))) {
            assertThat(negotiated(started, "h2", "http/1.1")).isEqualTo("h2");
            assertThat(negotiated(started, "http/1.1")).isEqualTo("http/1.1");
            assertThatThrownBy(() -> negotiated(started, "spdy/3")).isInstanceOf(IOException.class);
        }
    }

    private static String negotiated(TestServer started, String... offered) throws Exception {
        SSLParameters parameters = parameters(BOTH, List.of());
        parameters.setApplicationProtocols(offered);
        try (SSLSocket socket = connect(started, authority.client(null), parameters)) {
            socket.startHandshake();
            return socket.getApplicationProtocol();
        }
    }

    @Test
    void requiresACertificateOfTheClient() throws Exception {
        try (TestServer started = start(files(pem(server), List.of(), true, Optional.empty(), BOTH, List.of()))) {
            for (String protocol : BOTH) {
                SSLParameters parameters = parameters(List.of(protocol), List.of());
                assertThat(who(connect(started, authority.client(alice), parameters)))
                        .isEqualTo("2 CN=alice");
                SSLSocket without = connect(started, authority.client(null), parameters);
                assertThatThrownBy(() -> who(without)).isInstanceOf(Exception.class);
            }
        }
    }

    @Test
    void acceptsClientsWithoutTheCertificateThatItWants(@TempDir Path elsewhere) throws Exception {
        TestAuthority unknown = TestAuthority.in(elsewhere);
        TestAuthority.Issued mallory = unknown.issue("mallory");
        try (TestServer started =
                start(files(pem(server), List.of(), true, Optional.of(ClientAuthentication.WANTED), BOTH, List.of()))) {
            SSLParameters parameters = parameters(BOTH, List.of());
            assertThat(who(connect(started, authority.client(alice), parameters)))
                    .isEqualTo("2 CN=alice");
            assertThat(who(connect(started, authority.client(null), parameters)))
                    .isEqualTo("0 nobody");
            SSLSocket impostor = connect(started, TestAuthority.client(mallory, authority), parameters);
            assertThatThrownBy(() -> who(impostor)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void choosesTheCertificateByNameAndByKindOfKey() throws Exception {
        try (TestServer started =
                start(files(pem(server), List.of(pem(other), pem(rsa)), false, Optional.empty(), BOTH, List.of()))) {
            assertThat(subject(started, "www.shop.example", BOTH, List.of())).isEqualTo("CN=other");
            assertThat(subject(started, "localhost", BOTH, List.of())).isEqualTo("CN=server");
            assertThat(subject(started, "a.b.shop.example", BOTH, List.of())).isEqualTo("CN=server");
            assertThat(subject(
                            started, "localhost", List.of("TLSv1.2"), List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))
                    .isEqualTo("CN=rsa");
        }
    }

    private static String subject(TestServer started, String name, List<String> protocols, List<String> ciphers)
            throws Exception {
        SSLParameters parameters = parameters(protocols, ciphers);
        parameters.setServerNames(List.of(new SNIHostName(name)));
        try (SSLSocket socket = connect(started, authority.client(null), parameters)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void readsPkcs12() throws Exception {
        CertificateFiles store =
                new CertificateFiles(server.store().toString(), Optional.empty(), Optional.of(TestAuthority.PASSWORD));
        try (TestServer started = start(files(store, List.of(), false, Optional.empty(), BOTH, List.of()))) {
            assertThat(who(connect(started, authority.client(null), parameters(BOTH, List.of()))))
                    .isEqualTo("0 nobody");
        }
        CertificateFiles wrong =
                new CertificateFiles(server.store().toString(), Optional.empty(), Optional.of("wrong"));
        assertThatThrownBy(() -> start(files(wrong, List.of(), false, Optional.empty(), BOTH, List.of())))
                .hasMessageContaining("lynx.test.tls.certificate: " + server.store() + " cannot be read")
                .hasMessageContaining("a PKCS #12 file and its password");
        CertificateFiles both = new CertificateFiles(
                server.store().toString(), Optional.of(server.key().toString()), Optional.of(TestAuthority.PASSWORD));
        assertThatThrownBy(() -> start(files(both, List.of(), false, Optional.empty(), BOTH, List.of())))
                .hasMessageContaining("lynx.test.tls.key: set, although");
    }

    @Test
    void refusesTheKeyOfAnotherCertificate() {
        CertificateFiles mixed = new CertificateFiles(
                server.certificate().toString(), Optional.of(other.key().toString()), Optional.empty());
        assertThatThrownBy(() -> start(files(mixed, List.of(), false, Optional.empty(), BOTH, List.of())))
                .hasMessage("lynx.test.tls.key: " + other.key() + " is not the private key of the first certificate in "
                        + server.certificate());
        assertThatThrownBy(() -> start(files(pem(server), List.of(mixed), false, Optional.empty(), BOTH, List.of())))
                .hasMessageContaining("lynx.test.tls.more[0].key: ");
    }

    @Test
    void plainTextIsNoAnswer() throws Exception {
        try (TestServer started = start(accepting(BOTH, List.of()));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), started.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            byte[] read = socket.getInputStream().readAllBytes();
            assertThat(new String(read, US_ASCII)).doesNotContain("HTTP/");
        }
    }
}
