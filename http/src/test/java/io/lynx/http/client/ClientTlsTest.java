package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients with TLS. */
class ClientTlsTest {
    private static LoopbackCertificate certificate;

    @TempDir
    static Path directory;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = LoopbackCertificate.make(directory);
    }

    private static Application start(HttpServer server, boolean isMutual) {
        return start(server, isMutual, certificate.certificate(), certificate.key());
    }

    private static Application start(HttpServer server, boolean isMutual, Path shown, Path key) {
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.http.tls.certificate", shown.toString())
                .set("lynx.http.tls.key", key.toString())
                .plugin(server);
        if (isMutual) {
            builder.set(
                    "lynx.http.tls.client_certificates",
                    certificate.certificate().toString());
        }
        Application application = builder.build();
        application.start();
        return application;
    }

    private static HttpServer server() {
        return HttpServer.with(
                http -> http.get("/", (request, response) -> response.header("X-Protocol", request.protocol())
                        .send(request.isSecure() + " " + request.authority().orElse(""))));
    }

    private static HttpClientBuilder client(int port) {
        return HttpClient.builder("inventory")
                .url("https://localhost:" + port)
                .addresses("127.0.0.1:" + port)
                .connectTimeout(Duration.ofSeconds(20))
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false));
    }

    private static ClientConfig.Tls trusting() {
        return new ClientConfig.Tls(
                Optional.of(certificate.certificate().toString()), Optional.empty(), Optional.empty());
    }

    private static ClientConfig.Tls withCertificate() {
        return new ClientConfig.Tls(
                Optional.of(certificate.certificate().toString()),
                Optional.of(certificate.certificate().toString()),
                Optional.of(certificate.key().toString()));
    }

    private static HttpCallException failureOf(HttpClientBuilder builder) {
        try (HttpClient client = builder.build()) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class, () -> client.get("/").send());
            assertThat(failure).isNotNull();
            return failure;
        }
    }

    @Test
    void trustsWhatItIsTold() {
        HttpServer server = server();
        try (Application _ = start(server, false);
                HttpClient client = client(server.port()).tls(trusting()).build()) {
            assertThat(client.get("/").send().text()).isEqualTo("true localhost:" + server.port());
            assertThat(client.get("/").send().status()).isEqualTo(200);
            Await.until("one connection is idle", () -> client.counts().idle() == 1);
        }
    }

    @Test
    void negotiatesTheProtocol() {
        HttpServer server = server();
        try (Application _ = start(server, false)) {
            assertThat(protocol(server, ClientConfig.Http2.OFF)).isEqualTo("HTTP/1.1");
            assertThat(protocol(server, ClientConfig.Http2.NEGOTIATED)).isEqualTo("HTTP/2");
            assertThat(protocol(server, ClientConfig.Http2.ALWAYS)).isEqualTo("HTTP/2");
        }
    }

    private static String protocol(HttpServer server, ClientConfig.Http2 use) {
        try (HttpClient client =
                client(server.port()).tls(trusting()).http2(use).build()) {
            return client.get("/").send().header("x-protocol").orElseThrow();
        }
    }

    @Test
    void refusesACertificateThatHasExpired() throws Exception {
        ExpiredCertificate old = ExpiredCertificate.make(Files.createDirectory(directory.resolve("expired")));
        HttpServer server = server();
        try (Application _ = start(server, false, old.certificate(), old.key())) {
            HttpCallException failure = failureOf(client(server.port())
                    .tls(new ClientConfig.Tls(
                            Optional.of(old.authority().toString()), Optional.empty(), Optional.empty())));

            assertThat(failure.reason()).isEqualTo(Reason.TLS);
            assertThat(failure).hasMessageContaining("the server's certificate has expired");
        }
    }

    @Test
    void refusesACertificateThatNobodyTrusted() {
        HttpServer server = server();
        try (Application _ = start(server, false)) {
            HttpCallException failure = failureOf(client(server.port()));

            assertThat(failure.reason()).isEqualTo(Reason.TLS);
            assertThat(failure).hasMessageContaining("no trusted authority has issued the server's certificate");
        }
    }

    @Test
    void refusesACertificateForAnotherName() {
        HttpServer server = server();
        try (Application _ = start(server, false)) {
            HttpCallException failure =
                    failureOf(client(server.port()).url("https://other.example").tls(trusting()));

            assertThat(failure.reason()).isEqualTo(Reason.TLS);
            assertThat(failure).hasMessageContaining("the server's certificate is not for other.example");
        }
    }

    @Test
    void refusesAServerWithoutTls() {
        try (TestService service =
                TestService.with(routes -> routes.get("/", (_, response) -> response.send("plain")))) {
            HttpCallException failure =
                    failureOf(client(service.listener.port()).tls(trusting()));

            assertThat(failure.reason()).isEqualTo(Reason.TLS);
        }
    }

    @Test
    void doesNotWaitForAHandshakeWithoutEnd() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang)) {
            // The address must be found within it too.
            HttpCallException failure =
                    failureOf(client(server.port()).tls(trusting()).connectTimeout(Duration.ofSeconds(2)));

            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no connection within 2000ms (connect_timeout)");
        }
    }

    @Test
    void showsItsCertificate() {
        HttpServer server = server();
        try (Application _ = start(server, true)) {
            for (ClientConfig.Http2 use : ClientConfig.Http2.values()) {
                HttpCallException failure =
                        failureOf(client(server.port()).tls(trusting()).http2(use));
                // The server closes after its refusal, which may reset the connection before that is read.
                assertThat(failure.reason()).isIn(Reason.TLS, Reason.CONNECTION_LOST);
            }

            try (HttpClient client =
                    client(server.port()).tls(withCertificate()).build()) {
                assertThat(client.get("/").send().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void filesAreCheckedAtOnce() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "garbage");
        ClientConfig.Tls missing =
                new ClientConfig.Tls(Optional.of("/no/such.pem"), Optional.empty(), Optional.empty());
        ClientConfig.Tls wrong =
                new ClientConfig.Tls(Optional.of(garbage.toString()), Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> client(1).tls(missing).build())
                .hasMessageContaining("lynx.clients.inventory.tls.authorities: /no/such.pem cannot be read");
        assertThatThrownBy(() -> client(1).tls(wrong).build())
                .hasMessageContaining("lynx.clients.inventory.tls.authorities: " + garbage);
        assertThatThrownBy(() -> new ClientConfig.Tls(Optional.empty(), Optional.of("x"), Optional.empty()))
                .hasMessage("key is missing; a client's certificate needs both");
    }
}
