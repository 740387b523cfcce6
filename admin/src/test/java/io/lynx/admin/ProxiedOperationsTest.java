package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operations endpoints behind a trusted proxy that runs on the same machine, and even as the same user: the test. Whatever address
 * it tells, its requests are not those of a local caller.
 */
class ProxiedOperationsTest {
    private final HttpServer server = HttpServer.with(_ -> {});

    private Application start(boolean usesProxyProtocol) {
        Application application = Application.builder()
                .set("lynx.application.name", "orders")
                .set("lynx.application.version", "1.4.0")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.trusted_proxies", "127.0.0.1")
                .set("lynx.http.proxy_protocol", Boolean.toString(usesProxyProtocol))
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(new AdminPlugin())
                .plugin(new ServicePages())
                .plugin(server)
                .discoverPlugins(false)
                .build();
        application.start();
        return application;
    }

    private Application with(Map<String, String> keys) {
        Application.Builder builder = Application.builder()
                .set("lynx.application.name", "orders")
                .set("lynx.application.version", "1.4.0")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(new AdminPlugin())
                .plugin(new ServicePages())
                .plugin(server)
                .discoverPlugins(false);
        keys.forEach((key, value) -> {
            var _ = builder.set(key, value);
        });
        return builder.build();
    }

    @Test
    void noRateLimitRefusesProbes() throws Exception {
        Application application =
                with(Map.of("lynx.http.rate_limit.requests", "1", "lynx.http.rate_limit.period", "1d"));
        try (application) {
            application.start();
            RawHttp client = new RawHttp(server.url());

            assertThat(client.get("/nothing").status()).isEqualTo(404);
            assertThat(client.get("/nothing").status()).isEqualTo(429);
            assertThat(client.get("/health/live").status()).isEqualTo(200);
            assertThat(client.get("/health/live").status()).isEqualTo(200);
        }
    }

    @Test
    void pagesOfOtherOriginsCannotReadThem() throws Exception {
        Application application = with(Map.of("lynx.http.cors.allowed_origins", "*"));
        try (application) {
            application.start();
            RawHttp client = new RawHttp(server.url());
            String origin = "Origin: https://elsewhere.example";

            assertThat(client.get("/nothing", origin).header("Access-Control-Allow-Origin"))
                    .isEqualTo("*");
            assertThat(client.get("/debug/info", origin).header("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(client.send("OPTIONS", "/debug/info", origin, "Access-Control-Request-Method: GET")
                            .header("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void aCallerWithoutAProxyIsALocalOne() throws Exception {
        try (Application _ = start(false)) {
            assertThat(new RawHttp(server.url()).get("/debug/info").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-For: 203.0.113.9, 127.0.0.1",
                "X-Forwarded-Proto: http",
                "X-Forwarded-Host: localhost",
                "Forwarded: for=127.0.0.1",
                "Forwarded: malformed",
            })
    void headersOfATrustedProxyMakeNoLocalCaller(String header) throws Exception {
        try (Application _ = start(false)) {
            assertThat(new RawHttp(server.url()).get("/debug/info", header).status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 127.0.0.1 127.0.0.1 40000 8080\r\n",
                "PROXY TCP6 ::1 ::1 40000 8080\r\n",
                "PROXY UNKNOWN\r\n",
                "\r\n\r\n\0\r\nQUIT\n \0\0\0",
                "\r\n\r\n\0\r\nQUIT\n!\0\0\0",
            })
    void theProxyProtocolMakesNoLocalCaller(String header) throws Exception {
        try (Application _ = start(true)) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(RawHttp.on(socket, "/debug/info").status()).isEqualTo(404);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(header.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(RawHttp.on(socket, "/health").status()).isEqualTo(200);
            }
        }
    }
}
