package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.transport.ClientAuthentication;
import io.lynx.transport.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which pages may open WebSockets: a browser lets every page try, with the visitor's cookies. */
class WebSocketOriginTest {
    private static final String COOKIE = "Cookie: session=1";

    /** A handshake by a page, and the status of the answer. */
    record Case(String origin, String host, @Nullable CorsConfig cors, int status, List<String> headers) {
        @Override
        public String toString() {
            return origin + " to " + host + (cors == null ? "" : " with " + cors.allowedOrigins()) + " " + headers
                    + ": " + status;
        }
    }

    private static Case page(String origin, String host, @Nullable CorsConfig cors, int status, String... headers) {
        return new Case(origin, host, cors, status, List.of(headers));
    }

    static Stream<Case> cases() {
        CorsConfig shop = CorsConfig.allowing("https://shop.example");
        return Stream.of(
                page("", "api.example", null, 101, COOKIE),
                page("http://api.example", "api.example", null, 101, COOKIE),
                page("https://api.example", "api.example", null, 101, COOKIE),
                page("https://API.example", "api.example:443", null, 101),
                page("http://api.example:8080", "api.example:8080", null, 101),
                page("http://api.example", "api.example:8080", null, 403),
                page("http://api.example:8080", "api.example", null, 403),
                page("https://evil.example", "api.example", null, 403),
                page("https://evil.example", "api.example", null, 403, COOKIE),
                page("https://api.example.evil.example", "api.example", null, 403),
                page("https://evil.example/api.example", "api.example", null, 403),
                page("https://evil@api.example", "api.example", null, 403),
                page("file://api.example", "api.example", null, 403),
                page("null", "api.example", null, 403),
                page("https://shop.example", "api.example", shop, 101),
                page("https://shop.example", "api.example", shop, 403, COOKIE),
                page("https://shop.example", "api.example", shop, 403, "Authorization: Basic YTpi"),
                page("https://shop.example", "api.example", shop.withCredentials(), 101, COOKIE),
                page("https://evil.example", "api.example", shop.withCredentials(), 403),
                page("https://evil.example", "api.example", CorsConfig.allowing("*"), 101),
                page("null", "api.example", CorsConfig.allowing("*"), 101),
                page("https://evil.example", "api.example", CorsConfig.allowing("*"), 403, COOKIE),
                page("https://api.example", "api.example", null, 403, "Origin: https://evil.example"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pagesOfOtherOriginsNeedPermission(Case page) throws Exception {
        try (TestServer server = TestServer.with(
                        limits -> page.cors() == null ? limits : limits.cors(page.cors()),
                        http -> http.webSocket("/", socket -> {
                            for (WebSocketMessage message : socket) {
                                socket.send(message.text());
                            }
                        }));
                RawClient raw = server.raw()) {
            List<String> headers = new ArrayList<>(page.headers());
            headers.add("Host: " + page.host());
            if (!page.origin().isEmpty()) {
                headers.add("Origin: " + page.origin());
            }

            RawClient.Answer answer = SocketClient.handshake(raw, "/", headers.toArray(String[]::new));

            assertThat(answer.status()).isEqualTo(page.status());
        }
    }

    @Test
    void aCertificateOfTheClientIsACredentialToo(@TempDir Path directory) throws Exception {
        TestAuthority authority = TestAuthority.in(directory);
        TestAuthority.Issued own = authority.issue("server");
        TlsFiles files = new TlsFiles(
                own.certificate().toString(),
                Optional.of(own.key().toString()),
                Optional.empty(),
                List.of(),
                Optional.of(authority.certificate().toString()),
                Optional.of(ClientAuthentication.WANTED),
                List.of("TLSv1.3"),
                List.of(),
                Duration.ZERO);
        try (TestServer server = TestServer.with(
                limits -> limits.tls(files).cors(CorsConfig.allowing("*")),
                http -> http.webSocket("/", WebSocket::receive))) {
            assertThat(handshake(server, authority.client(null))).isEqualTo(101);
            assertThat(handshake(server, authority.client(authority.issue("alice"))))
                    .isEqualTo(403);
        }
    }

    private static int handshake(TestServer server, SSLContext client) throws Exception {
        try (RawClient raw = new RawClient(client.getSocketFactory().createSocket("localhost", server.port()))) {
            return SocketClient.handshake(raw, "/", "Origin: https://evil.example")
                    .status();
        }
    }
}
