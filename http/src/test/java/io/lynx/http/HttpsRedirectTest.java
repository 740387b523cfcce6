package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LynxTest;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of requests without TLS. */
class HttpsRedirectTest {
    private static TestAuthority authority;
    private static TestAuthority.Issued certificate;

    @BeforeAll
    static void issue(@TempDir Path directory) throws Exception {
        authority = TestAuthority.in(directory);
        certificate =
                authority.issueFor("server", List.of("dns:localhost", "dns:*.shop.example", "ip:127.0.0.1", "ip:::1"));
    }

    private static LynxTest.Builder server() {
        return LynxTest.application(app ->
                        app.plugin(HttpServer.with(http -> http.get("/", (_, response) -> response.send("secret"))
                                .post("/", (request, response) -> response.send(request.text())))))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.0.0")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0");
    }

    private static LynxTest.Builder withTls() {
        return server().with(
                        "lynx.http.tls.certificate", certificate.certificate().toString())
                .with("lynx.http.tls.key", certificate.key().toString())
                .with("lynx.http.security_headers.enabled", "true")
                .with("lynx.http.https_redirect.port", "0");
    }

    private static RawClient.Answer send(int port, String text) throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send(text);
            return client.answer(!text.startsWith("HEAD"));
        }
    }

    @Test
    void redirectsGetAndHead() throws Exception {
        try (LynxTest lynx = withTls().start()) {
            int plain = lynx.port("http-redirect");
            RawClient.Answer answer =
                    send(plain, "GET /a%20b/?x=1&y=%2F HTTP/1.1\r\nHost: localhost:" + plain + "\r\n\r\n");

            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.header("location")).isEqualTo("https://localhost:" + lynx.port() + "/a%20b/?x=1&y=%2F");
            assertThat(answer.header("cache-control")).isEqualTo("max-age=3600");
            assertThat(answer.headers()).doesNotContainKey("strict-transport-security");
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(send(plain, "HEAD / HTTP/1.1\r\nHost: www.shop.example\r\n\r\n")
                            .header("location"))
                    .isEqualTo("https://www.shop.example:" + lynx.port() + "/");
            assertThat(send(plain, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").header("location"))
                    .isEqualTo("https://127.0.0.1:" + lynx.port() + "/");
            assertThat(send(plain, "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n").header("location"))
                    .isEqualTo("https://[::1]:" + lynx.port() + "/");
            assertThat(send(plain, "GET //evil.example/.. HTTP/1.1\r\nHost: LOCALHOST\r\n\r\n")
                            .header("location"))
                    .isEqualTo("https://LOCALHOST:" + lynx.port() + "//evil.example/..");
        }
    }

    @Test
    void saysOverTlsThatTheBrowserIsToUseNothingElse() throws Exception {
        try (LynxTest lynx = withTls().start();
                SSLSocket socket = (SSLSocket) authority
                        .client(null)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), lynx.port());
                RawClient client = new RawClient(socket)) {
            client.get("/");
            RawClient.Answer answer = client.answer();

            assertThat(answer.body()).isEqualTo("secret");
            assertThat(answer.header("strict-transport-security")).isEqualTo("max-age=31536000");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 421",
        "shop.example, 421",
        "a.b.shop.example, 421",
        "localhost.evil.example, 421",
        "localhost@evil.example, 400",
        "localhost:80:80, 400",
        "'localhost, evil.example', 400",
        "'', 400",
        "127.0.0.2, 421",
        "[::2], 421"
    })
    void redirectsToNoOtherHost(String host, int status) throws Exception {
        try (LynxTest lynx = withTls().start()) {
            RawClient.Answer answer = send(lynx.port("http-redirect"), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).doesNotContainKey("location");
        }
    }

    @Test
    void refusesWhatChangesSomething() throws Exception {
        try (LynxTest lynx = withTls().start()) {
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                RawClient.Answer answer = send(
                        lynx.port("http-redirect"),
                        method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
                assertThat(answer.status()).as(method).isEqualTo(403);
                assertThat(answer.body()).contains("use HTTPS; what this request carries has been sent unprotected");
                assertThat(answer.headers()).doesNotContainKey("location");
            }
        }
    }

    @Test
    void usesTheConfiguredPortAndHosts() throws Exception {
        try (LynxTest lynx = withTls()
                .with("lynx.http.https_redirect.https_port", "443")
                .with("lynx.http.https_redirect.hosts", "[shop.example]")
                .start()) {
            int plain = lynx.port("http-redirect");

            assertThat(send(plain, "GET /x HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n")
                            .header("location"))
                    .isEqualTo("https://shop.example/x");
            assertThat(send(plain, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status())
                    .isEqualTo(421);
        }
    }

    @Test
    void believesTrustedProxies() throws Exception {
        try (LynxTest lynx =
                withTls().with("lynx.http.trusted_proxies", "[127.0.0.1]").start()) {
            int plain = lynx.port("http-redirect");

            RawClient.Answer looping = send(
                    plain,
                    "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(looping.status()).isEqualTo(421);
            assertThat(looping.body()).contains("this port only redirects to HTTPS");
            assertThat(send(
                                    plain,
                                    "GET / HTTP/1.1\r\nHost: inner\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Host:"
                                            + " www.shop.example\r\nX-Forwarded-Proto: http\r\n\r\n")
                            .header("location"))
                    .isEqualTo("https://www.shop.example:" + lynx.port() + "/");
        }
        try (LynxTest lynx = withTls().start()) {
            assertThat(send(
                                    lynx.port("http-redirect"),
                                    "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n")
                            .status())
                    .isEqualTo(308);
        }
    }

    @Test
    void followsTheProxyThatEndsTls() throws Exception {
        try (LynxTest lynx = server().with("lynx.http.trusted_proxies", "[127.0.0.1]")
                .with("lynx.http.https_redirect.enabled", "true")
                .with("lynx.http.https_redirect.hosts", "[shop.example]")
                .start()) {
            String from =
                    " HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 2\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: ";

            assertThat(send(lynx.port(), "GET /" + from + "https\r\n\r\nhi").body())
                    .isEqualTo("secret");
            assertThat(send(lynx.port(), "POST /" + from + "https\r\n\r\nhi").body())
                    .isEqualTo("hi");
            assertThat(send(lynx.port(), "GET /" + from + "http\r\n\r\nhi").header("location"))
                    .isEqualTo("https://shop.example/");
            assertThat(send(lynx.port(), "GET /none" + from + "http\r\n\r\nhi").header("location"))
                    .isEqualTo("https://shop.example/none");
            assertThat(send(lynx.port(), "POST /" + from + "http\r\n\r\nhi").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void refusesConfigurationsThatCannotWork() {
        assertThatThrownBy(() ->
                        server().with("lynx.http.https_redirect.port", "0").start())
                .hasStackTraceContaining("lynx.http.https_redirect.port: 0, but there is no lynx.http.tls");
        assertThatThrownBy(() -> server().with("lynx.http.https_redirect.enabled", "true")
                        .start())
                .hasStackTraceContaining("lynx.http.https_redirect.hosts: none, and there is no certificate");
        assertThatThrownBy(() ->
                        new HttpsRedirectConfig(true, Optional.empty(), Optional.empty(), List.of("shop.example:443")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hosts: 'shop.example:443'; a name or an address without a port");
    }
}
