package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of trusted proxies tell of the client. The proxy is the test, on the loopback. */
class ForwardedTest {
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

    /** Shows what a request tells of its client. */
    private static void show(Request request, Response response) {
        response.send(request.remoteAddress().getAddress().getHostAddress() + ":"
                + request.remoteAddress().getPort() + " " + request.scheme() + " "
                + request.host().orElse("") + " " + request.isForwarded());
    }

    private void start(ForwardedStyle style, String... trusted) {
        opened = TestServer.with(
                limits -> limits.trustedProxies(trusted).forwardedHeaders(style).maxHeaderSize(512 * 1024),
                http -> http.get("/", ForwardedTest::show));
    }

    private void startTrusting() {
        start(ForwardedStyle.ANY, "127.0.0.0/8", "10.0.0.0/8", "fd00::/8");
    }

    /** Sends these lines of headers; returns what is shown, without the port of this client where that is shown. */
    private String shown(String... lines) throws Exception {
        try (RawClient client = server().raw()) {
            client.send("GET / HTTP/1.1\r\nHost: shop.internal\r\n"
                    + Stream.of(lines).map(line -> line + "\r\n").collect(Collectors.joining()) + "\r\n");
            return client.answer().body().replaceFirst("^127\\.0\\.0\\.1:[1-9]\\d+ ", "peer ");
        }
    }

    @Test
    void headersOfOthersAreNotRead() throws Exception {
        start(ForwardedStyle.ANY, "10.0.0.0/8");

        assertThat(shown("Forwarded: for=203.0.113.9;proto=https;host=shop.example"))
                .isEqualTo("peer http shop.internal false");
        assertThat(shown("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example"))
                .isEqualTo("peer http shop.internal false");
    }

    @Test
    void aRequestWithoutThemIsThatOfItsPeer() throws Exception {
        startTrusting();

        assertThat(shown()).isEqualTo("peer http shop.internal false");
    }

    @Test
    void theProxyTellsTheClient() throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: for=203.0.113.9;proto=https;host=shop.example"))
                .isEqualTo("203.0.113.9:0 https shop.example true");
        assertThat(shown("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example"))
                .isEqualTo("203.0.113.9:0 https shop.example true");
        assertThat(shown("X-Forwarded-Proto: https")).isEqualTo("peer https shop.internal true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The client wrote the first one itself.
                "198.51.100.1, 203.0.113.9 | 203.0.113.9:0",
                // Both proxies are trusted.
                "198.51.100.1, 203.0.113.9, 10.0.0.1 | 203.0.113.9:0",
                "203.0.113.9, 10.0.0.1, 10.0.0.2 | 203.0.113.9:0",
                // All are trusted: the first of them is the client.
                "10.0.0.9, 10.0.0.1 | 10.0.0.9:0",
                "203.0.113.9:4711 | 203.0.113.9:4711",
                "2001:db8::7 | 2001:db8:0:0:0:0:0:7:0",
                "[2001:db8::7] | 2001:db8:0:0:0:0:0:7:0",
                "[2001:db8::7]:4711 | 2001:db8:0:0:0:0:0:7:4711",
                "::ffff:203.0.113.9 | 203.0.113.9:0",
                ",203.0.113.9,, | 203.0.113.9:0",
            })
    void theRightmostUntrustedAddressIsTheClient(String header, String client) throws Exception {
        startTrusting();

        assertThat(shown("X-Forwarded-For: " + header)).isEqualTo(client + " http shop.internal true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=203.0.113.9",
                "For=203.0.113.9; Proto=http",
                "for=\"203.0.113.9\"",
                "for=198.51.100.1, for=203.0.113.9",
                "for=198.51.100.1;by=203.0.113.43,for=203.0.113.9;by=_gateway, for=10.0.0.1",
                "for=203.0.113.9, for=\"[fd00::7]:4711\"",
                "for=203.0.113.9;ext=\"a, \\\"b;c\"",
            })
    void elementsOfForwardedAreReadFromTheirEnd(String header) throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: " + header)).isEqualTo("203.0.113.9:0 http shop.internal true");
    }

    @Test
    void severalLinesAreOneList() throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: for=198.51.100.1", "Forwarded: for=203.0.113.9", "Forwarded: for=10.0.0.1"))
                .startsWith("203.0.113.9:0 ");
        assertThat(shown("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.9, 10.0.0.1"))
                .startsWith("203.0.113.9:0 ");
    }

    @Test
    void schemeAndHostAreThoseOfTheSameProxy() throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: for=203.0.113.9;proto=https;host=shop.example, for=10.0.0.1;proto=http;host=lb"))
                .isEqualTo("203.0.113.9:0 https shop.example true");
        assertThat(shown("Forwarded: for=198.51.100.1;proto=https;host=evil.example, for=203.0.113.9;proto=http"))
                .isEqualTo("203.0.113.9:0 http shop.internal true");
        assertThat(shown("X-Forwarded-For: 203.0.113.9, 10.0.0.1", "X-Forwarded-Proto: https, http"))
                .isEqualTo("203.0.113.9:0 https shop.internal true");
        assertThat(shown("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https, http"))
                .isEqualTo("203.0.113.9:0 http shop.internal true");
        assertThat(shown("X-Forwarded-For: 203.0.113.9, 10.0.0.1", "X-Forwarded-Proto: https"))
                .isEqualTo("203.0.113.9:0 https shop.internal true");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example, 8443, https, shop.example:8443",
        "shop.example:80, 443, https, shop.example",
        "shop.example, 443, http, shop.example:443",
        "[2001:db8::7]:1, 8443, https, [2001:db8::7]:8443",
        "shop.example, 0, https, shop.example",
        "shop.example, 65536, https, shop.example",
        "shop.example, 1e3, https, shop.example",
    })
    void thePortBelongsToTheHost(String host, String port, String scheme, String expected) throws Exception {
        startTrusting();

        assertThat(shown("X-Forwarded-Host: " + host, "X-Forwarded-Port: " + port, "X-Forwarded-Proto: " + scheme))
                .isEqualTo("peer " + scheme + " " + expected + " true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "_hidden",
                "_",
                "localhost",
                "203.0.113",
                "203.0.113.09",
                "203.0.113.256",
                "0x7f.1",
                "2130706433",
                "203.0.113.9:99999",
                "203.0.113.9:",
                "203.0.113.9:-1",
                "[203.0.113.9]",
                "[2001:db8::7",
                "[]",
                "2001:db8::7%eth0",
                "::g",
                "203.0.113.9 203.0.113.8",
                "<script>",
                "a\"b",
            })
    void whatIsNoAddressEndsTheSearchAtTheLastProxyThatIsKnown(String node) throws Exception {
        startTrusting();

        assertThat(shown("X-Forwarded-For: 198.51.100.1, " + node + ", 10.0.0.1"))
                .isEqualTo("10.0.0.1:0 http shop.internal true");
        String quoted = node.replace("\"", "\\\"");
        assertThat(shown("Forwarded: for=198.51.100.1, for=\"" + quoted + "\", for=10.0.0.1"))
                .isEqualTo("10.0.0.1:0 http shop.internal true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for",
                "for=",
                "=203.0.113.9",
                "for=\"203.0.113.9",
                "for=\"203.0.113.9\\",
                "for=\"203.0.113.9\"x",
                "for=203.0.113.9;for=203.0.113.8",
                "for=203.0.113.9;proto=http;proto=https",
                "f(or=203.0.113.9",
                "for=203.0.113.9 proto=https",
            })
    void aMalformedLineTellsNothing(String line) throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: " + line)).isEqualTo("peer http shop.internal false");
        assertThat(shown("Forwarded: " + line, "Forwarded: for=203.0.113.7"))
                .isEqualTo("203.0.113.7:0 http shop.internal true");
    }

    /** A quote that the client opens would hide what the proxy adds to the same line. */
    @Test
    void anOpenQuoteOfTheClientDoesNotForgeAnAddress() throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: for=198.51.100.1;host=\", for=203.0.113.9;proto=http"))
                .startsWith("peer ");
        assertThat(shown("Forwarded: for=198.51.100.1;host=\", for=\"[2001:db8::7]\";proto=http"))
                .startsWith("peer ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "https;", "", "HTTPS1"})
    void anUnknownSchemeIsNotUsed(String scheme) throws Exception {
        startTrusting();

        assertThat(shown("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: " + scheme))
                .isEqualTo("203.0.113.9:0 http shop.internal true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a/b", "user@a", "a:b", "a:99999", "[::1", "[x]", "a?b", "a#b", "a\"b", "[::1]a", ":80"})
    void anInvalidHostIsNotUsed(String host) throws Exception {
        startTrusting();

        assertThat(shown("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: " + host))
                .isEqualTo("203.0.113.9:0 http shop.internal true");
    }

    @Test
    void headersThatContradictEachOtherAreNotUsed() throws Exception {
        startTrusting();

        assertThat(shown("Forwarded: for=198.51.100.1", "X-Forwarded-For: 203.0.113.9"))
                .isEqualTo("peer http shop.internal true");
        assertThat(shown("Forwarded: for=203.0.113.9;proto=https", "X-Forwarded-For: 203.0.113.9"))
                .isEqualTo("203.0.113.9:0 https shop.internal true");
    }

    @Test
    void oneKindCanBeChosen() throws Exception {
        start(ForwardedStyle.X_FORWARDED, "127.0.0.1");
        assertThat(shown("Forwarded: for=198.51.100.1", "X-Forwarded-For: 203.0.113.9"))
                .startsWith("203.0.113.9:0 ");
        server().close();

        start(ForwardedStyle.FORWARDED, "127.0.0.1");
        assertThat(shown("Forwarded: for=198.51.100.1", "X-Forwarded-For: 203.0.113.9"))
                .startsWith("198.51.100.1:0 ");
    }

    @Test
    void aLongListIsFollowedForABoundedNumberOfProxies() throws Exception {
        startTrusting();
        String trusted = IntStream.range(0, 10_000)
                .mapToObj(i -> "10.1." + i / 256 + "." + i % 256)
                .collect(Collectors.joining(", "));

        assertThat(shown("X-Forwarded-For: " + trusted)).startsWith("10.1.38.240:0 ");
        assertThat(shown("Forwarded: for=" + trusted.replace(", ", ", for="))).startsWith("10.1.38.240:0 ");
        assertThat(shown("X-Forwarded-For: " + ",".repeat(100_000) + "203.0.113.9"))
                .startsWith("203.0.113.9:0 ");
    }
}
