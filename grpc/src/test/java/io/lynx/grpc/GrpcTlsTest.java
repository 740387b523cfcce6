package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.lynx.context.RequestContext;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.testkit.LoopbackCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls over TLS: its negotiation, and the certificates of clients. */
class GrpcTlsTest {
    private static LoopbackCertificate certificate;

    private final List<SecurityLevel> levels = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makesACertificate(@TempDir Path directory) throws Exception {
        certificate = LoopbackCertificate.make(directory);
    }

    /** Identifies callers by the subject of their certificate. */
    private static final class Certificates implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("security").build();
        }

        @Override
        public void start(PluginContext context) {
            context.share(
                    Authenticator.KEY,
                    credentials -> credentials.certificates().isEmpty()
                            ? Optional.empty()
                            : Optional.of(Principal.of(credentials
                                    .certificates()
                                    .getFirst()
                                    .getSubjectX500Principal()
                                    .getName())));
        }
    }

    /** Keeps the security of each call. */
    private final class Levels implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            levels.add(call.getSecurityLevel());
            return next.startCall(call, headers);
        }
    }

    private GrpcTestServer server(boolean isMutual) {
        TextService service = new TextService().answering(text -> RequestContext.current()
                .principal()
                .map(Principal::name)
                .orElse("nobody"));
        GrpcServer server = GrpcServer.builder()
                .services(service)
                .interceptors(all -> all.add("levels", new Levels()))
                .build();
        return GrpcTestServer.of(server, application -> {
            application
                    .set("lynx.http.tls.certificate", certificate.certificate().toString())
                    .set("lynx.http.tls.key", certificate.key().toString());
            if (isMutual) {
                application
                        .plugin(new Certificates())
                        .set(
                                "lynx.http.tls.client_certificates",
                                certificate.certificate().toString());
            }
        });
    }

    private static String call(GrpcTestServer server, SSLContext client) throws InterruptedException {
        ManagedChannel channel = OkHttpChannelBuilder.forAddress("localhost", server.port())
                .sslSocketFactory(client.getSocketFactory())
                .build();
        try {
            return ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "who");
        } finally {
            channel.shutdownNow();
            boolean _ = channel.awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    /** A context that trusts the certificate, and presents it too. */
    private static SSLContext withCertificate() throws Exception {
        Certificate own;
        try (var in = Files.newInputStream(certificate.certificate())) {
            own = CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        String pem = Files.readString(certificate.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("trusted", own);
        store.setKeyEntry("own", key, new char[0], new Certificate[] {own});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static SSLSocket connect(GrpcTestServer server, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) certificate
                .clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(30_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void callsAreServedOverTls() throws Exception {
        try (GrpcTestServer server = server(false)) {
            assertThat(call(server, certificate.clientContext())).isEqualTo("nobody");
            assertThat(levels).containsExactly(SecurityLevel.PRIVACY_AND_INTEGRITY);
        }
    }

    @Test
    void http2IsNegotiated() throws Exception {
        try (GrpcTestServer server = server(false);
                SSLSocket both = connect(server, "h2", "http/1.1");
                SSLSocket old = connect(server, "http/1.1")) {
            assertThat(both.getApplicationProtocol()).isEqualTo("h2");
            assertThat(old.getApplicationProtocol()).isEqualTo("http/1.1");
            old.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "POST /test.v1.Texts/Unary HTTP/1.1",
                                    "Host: localhost",
                                    "Content-Type: application/grpc",
                                    "Content-Length: 0",
                                    "Connection: close",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 505 ");
        }
    }

    @Test
    void plainTextIsNotServedOverTls() throws Exception {
        try (GrpcTestServer server = server(false)) {
            assertThat(server.codeOf("plain")).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(call(server, certificate.clientContext())).isEqualTo("nobody");
        }
    }

    @Test
    void clientsAreIdentifiedByTheirCertificates() throws Exception {
        try (GrpcTestServer server = server(true)) {
            assertThat(call(server, withCertificate())).isEqualTo("CN=localhost");
            assertThatThrownBy(() -> call(server, certificate.clientContext()))
                    .satisfies(failure ->
                            assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        }
    }
}
