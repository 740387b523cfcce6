package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are sent as they are. */
class StaticFilesTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-29T03:00:00Z");
    private static final String DATE = "Sun, 29 Nov 2026 03:00:00 GMT";

    @TempDir
    private Path temporary;

    private Path root;

    @BeforeEach
    void files() throws IOException {
        root = Files.createDirectory(temporary.resolve("public"));
        Files.writeString(temporary.resolve("secret.txt"), "secret");
        write("index.html", "<html>home</html>");
        write("app.js", "let a = 1;");
        write("app.js.gz", "gzipped");
        write("app.js.br", "brotli");
        write("old.css", "new content");
        write("old.css.gz", "of an earlier one");
        Files.setLastModifiedTime(root.resolve("old.css.gz"), FileTime.from(MODIFIED.minusSeconds(60)));
        write("digits.txt", "0123456789");
        write("empty.bin", "");
        write("docs/index.html", "docs");
        write("docs/a b.txt", "space");
        write(".env", "PASSWORD=1");
        write(".git/config", "config");
        write("plain/only.txt", "only");
        Files.createSymbolicLink(root.resolve("link.txt"), temporary.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("out"), temporary);
        Files.createSymbolicLink(root.resolve("inside.txt"), root.resolve("digits.txt"));
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    private TestServer server() {
        return TestServer.with(http -> http.files("/files", StaticFiles.directory(root)));
    }

    private static RawClient.Answer request(RawClient client, String line, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: a\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        client.send(text + "\r\n");
        return client.answer(!line.startsWith("HEAD"));
    }

    @ParameterizedTest
    @CsvSource({
        "/files/, text/html; charset=utf-8, <html>home</html>",
        "/files/index.html, text/html; charset=utf-8, <html>home</html>",
        "/files/docs/, text/html; charset=utf-8, docs",
        "/files/docs/a%20b.txt, text/plain; charset=utf-8, space",
        "/files/inside.txt, text/plain; charset=utf-8, 0123456789",
        "/files/app.js?v=1, text/javascript; charset=utf-8, let a = 1;",
        "/files/app.js.gz, application/gzip, gzipped"
    })
    void areSent(String path, String type, String body) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET " + path);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo(type);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.header("etag")).matches("\"[\\w-]{22}\"");
            assertThat(answer.header("last-modified")).isEqualTo(DATE);
            assertThat(answer.header("cache-control")).isEqualTo("no-cache");
            assertThat(answer.header("accept-ranges")).isEqualTo("bytes");
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/nothing.txt",
                "/files/plain/",
                "/files/plain",
                "/files/docs/index.html/",
                "/files/.env",
                "/files/.git/config",
                "/files/docs/../.env",
                "/files/../secret.txt",
                "/files/%2e%2e/secret.txt",
                "/files/%2E%2E%2Fsecret.txt",
                "/files/..%2fsecret.txt",
                "/files/docs%2f..%2f..%2fsecret.txt",
                "/files/..%5csecret.txt",
                "/files/docs/..%5c..%5csecret.txt",
                "/files/..\\secret.txt",
                "/files/%252e%252e%252fsecret.txt",
                "/files/..%252fsecret.txt",
                "/files/%c0%ae%c0%ae/secret.txt",
                "/files/%c0%af%c0%af",
                "/files/%e0%80%ae%e0%80%ae/secret.txt",
                "/files/..;/secret.txt",
                "/files/..%00/secret.txt",
                "/files/app.js%00.txt",
                "/files/docs%2findex.html",
                "/files//app.js",
                "/files//etc/passwd",
                "/files/%2fetc/passwd",
                "/files/file:%2f%2f%2fetc%2fpasswd",
                "/files/C:/secret.txt",
                "/files/app.js.",
                "/files/app.js%20",
                "/files/app.js::$DATA",
                "/files/app.js%0d%0aX-Injected:1",
                "/files/link.txt",
                "/files/out/secret.txt",
                "/files/%uff0e%uff0e/secret.txt",
                "/filessecret.txt",
                "/files/....//secret.txt",
                "/files/.%2e/secret.txt",
                "/files/%2e%2e%5c%2e%2e%5csecret.txt"
            })
    void areNotFoundOutsideOfTheDirectory(String path) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET " + path);

            assertThat(answer.status()).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("secret").contains("\"status\":");
            assertThat(answer.header("x-injected")).isEmpty();
        }
    }

    @Test
    void ofANameOfAnyLengthAreNotFound() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            assertThat(request(client, "GET /files/" + "a".repeat(300)).status())
                    .isEqualTo(404);
            assertThat(request(client, "GET /files/" + "a/".repeat(2000)).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void directoriesAreRedirectedToTheirSlash() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer docs = request(client, "GET /files/docs?x=//evil.example");
            assertThat(docs.status()).isEqualTo(301);
            assertThat(docs.header("location")).isEqualTo("./docs/");
            RawClient.Answer top = request(client, "GET /files");
            assertThat(top.status()).isEqualTo(301);
            assertThat(top.header("location")).isEqualTo("./files/");
        }
    }

    @Test
    void headHasTheHeadersOfGet() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "HEAD /files/digits.txt", "Range: bytes=0-1");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-length")).isEqualTo("10");
            assertThat(request(client, "HEAD /files/empty.bin").header("content-length"))
                    .isEqualTo("0");
            assertThat(request(client, "GET /files/empty.bin").body()).isEmpty();
            assertThat(request(client, "POST /files/digits.txt", "Content-Length: 0")
                            .status())
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match: ETAG | 304",
                "If-None-Match: W/ETAG | 304",
                "If-None-Match: \"a,b\", W/\"x\" ,ETAG | 304",
                "If-None-Match: * | 304",
                "If-None-Match: \"other\" | 200",
                "If-None-Match: ETAGx | 304",
                "If-None-Match: unquoted | 200",
                "If-None-Match: \"unclosed | 200",
                "If-Match: ETAG | 200",
                "If-Match: * | 200",
                "If-Match: W/ETAG | 412",
                "If-Match: \"other\" | 412",
                "If-Match: \"other\" & If-None-Match: ETAG | 412",
                "If-Match: ETAG & If-Unmodified-Since: Sat, 28 Nov 2026 03:00:00 GMT | 200",
                "If-Unmodified-Since: Sat, 28 Nov 2026 03:00:00 GMT | 412",
                "If-Unmodified-Since: Sun, 29 Nov 2026 03:00:00 GMT | 200",
                "If-Unmodified-Since: yesterday | 200",
                "If-Modified-Since: Sun, 29 Nov 2026 03:00:00 GMT | 304",
                "If-Modified-Since: Sunday, 29-Nov-26 03:00:00 GMT | 304",
                "If-Modified-Since: Sun Nov 29 03:00:00 2026 | 304",
                "If-Modified-Since: Sun, 29 Nov 2026 02:59:59 GMT | 200",
                "If-Modified-Since: 2026-11-29T03:00:00Z | 200",
                "If-Modified-Since: Sun, 29 Nov 2026 03:00:00 GMT & If-None-Match: \"other\" | 200"
            })
    void conditionsAreEvaluatedInOrder(String header, int status) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            String etag = request(client, "GET /files/digits.txt").header("etag");

            RawClient.Answer answer = request(
                    client,
                    "GET /files/digits.txt",
                    header.replace("ETAG", etag).replace(" & ", "\r\n"));

            assertThat(answer.status()).isEqualTo(status);
            if (status == 304) {
                assertThat(answer.header("etag")).isEqualTo(etag);
                assertThat(answer.header("cache-control")).isEqualTo("no-cache");
                assertThat(answer.body()).isEmpty();
            }
            assertThat(request(client, "GET /files/digits.txt").body()).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 206, bytes 0-0/10, 0",
        "bytes=2-4, 206, bytes 2-4/10, 234",
        "bytes=7-, 206, bytes 7-9/10, 789",
        "bytes=-2, 206, bytes 8-9/10, 89",
        "bytes=10-, 416, bytes */10, ''",
        "bytes=-0, 416, bytes */10, ''",
        "bytes=4-2, 200, '', 0123456789",
        "nonsense, 200, '', 0123456789"
    })
    void rangesAreSent(String range, int status, String contentRange, String body) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET /files/digits.txt", "Range: " + range);

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-range")).isEqualTo(contentRange);
            if (status != 416) {
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @Test
    void severalRangesAreSentAsParts() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET /files/digits.txt", "Range: bytes=0-1,-2");

            assertThat(answer.status()).isEqualTo(206);
            String boundary = answer.header("content-type").replace("multipart/byteranges; boundary=", "");
            assertThat(answer.body())
                    .isEqualTo("\r\n--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Range: bytes 0-1/10\r\n\r\n01\r\n--" + boundary
                            + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Range: bytes 8-9/10\r\n\r\n89\r\n--" + boundary + "--\r\n");
        }
    }

    @Test
    void thousandsOfRangesCostNoMoreThanTheFile() throws Exception {
        write("large.txt", "x".repeat(10_000));
        String ranges = IntStream.range(0, 1_500)
                .mapToObj(i -> (i * 2) + "-" + (i * 2))
                .collect(Collectors.joining(",", "Range: bytes=", ""));
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET /files/large.txt", ranges);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).hasSize(10_000);
            RawClient.Answer overlapping = request(client, "GET /files/large.txt", "Range: bytes=0-,0-,0-,0-");
            assertThat(overlapping.status()).isEqualTo(200);
            RawClient.Answer twice = request(client, "GET /files/large.txt", "Range: bytes=0-1", "Range: bytes=2-3");
            assertThat(twice.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ETAG, 206",
        "'\"other\"', 200",
        "W/ETAG, 200",
        "'Sun, 29 Nov 2026 03:00:00 GMT', 206",
        "'Sun, 29 Nov 2026 03:00:01 GMT', 200",
        "nonsense, 200"
    })
    void aRangeMayDependOnTheFile(String condition, int status) throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            String etag = request(client, "GET /files/digits.txt").header("etag");

            assertThat(request(
                                    client,
                                    "GET /files/digits.txt",
                                    "Range: bytes=0-1",
                                    "If-Range: " + condition.replace("ETAG", etag))
                            .status())
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/files/app.js, 'gzip, br', br, brotli",
        "/files/app.js, gzip, gzip, gzipped",
        "/files/app.js, 'gzip;q=0', '', let a = 1;",
        "/files/app.js, '', '', let a = 1;",
        "/files/old.css, gzip, '', new content"
    })
    void compressedVariantsAreSentToWhoAcceptsThem(String path, String accepted, String encoding, String body)
            throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET " + path, "Accept-Encoding: " + accepted);

            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.header("content-encoding")).isEqualTo(encoding);
            assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
            assertThat(answer.header("content-type")).startsWith("text/");
            RawClient.Answer again = request(
                    client, "GET " + path, "Accept-Encoding: " + accepted, "If-None-Match: " + answer.header("etag"));
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.header("vary")).isEqualTo("Accept-Encoding");
        }
    }

    @Test
    void variantsHaveTagsOfTheirOwn() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            String plain = request(client, "GET /files/app.js").header("etag");
            String gzip = request(client, "GET /files/app.js", "Accept-Encoding: gzip")
                    .header("etag");

            assertThat(plain).isNotEqualTo(gzip);
        }
    }

    @Test
    void aFileThatChangesHasAnotherTag() throws Exception {
        try (TestServer server = server();
                RawClient client = server.raw()) {
            String before = request(client, "GET /files/digits.txt").header("etag");
            Files.writeString(root.resolve("digits.txt"), "9876543210");

            // It is seen within a second.
            Await.until(
                    "the change is seen",
                    () -> request(client, "GET /files/digits.txt", "If-None-Match: " + before)
                                    .status()
                            == 200);

            assertThat(request(client, "GET /files/digits.txt").body()).isEqualTo("9876543210");
        }
    }

    @Test
    void aTimeThatSaysNothingIsNotSent() throws Exception {
        Files.setLastModifiedTime(root.resolve("digits.txt"), FileTime.from(Instant.ofEpochSecond(1)));
        try (TestServer server = server();
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET /files/digits.txt");

            assertThat(answer.headers()).containsKey("etag").doesNotContainKey("last-modified");
        }
    }

    @Test
    void aLargeFileIsSentInPieces() throws Exception {
        byte[] large = new byte[3_000_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) i;
        }
        Files.write(root.resolve("large.bin"), large);
        try (TestServer server = server();
                RawClient client = server.raw()) {
            client.send("GET /files/large.bin HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer head = client.answer(false);
            assertThat(head.header("content-length")).isEqualTo("3000001");
            assertThat(client.body(head)).isEqualTo(large);
            client.send("GET /files/large.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=1-2999999\r\n\r\n");
            RawClient.Answer part = client.answer(false);
            assertThat(part.status()).isEqualTo(206);
            assertThat(client.body(part)).hasSize(2_999_999).startsWith(1, 2, 3);
        }
    }

    @Test
    void areCompressedOnTheWayIfTheServerDoesThat() throws Exception {
        write("large.txt", "x".repeat(10_000));
        try (TestServer server = TestServer.with(
                        limits -> limits.compression(true), http -> http.files("", StaticFiles.directory(root)));
                RawClient client = server.raw()) {
            client.send("GET /large.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            RawClient.Answer answer = client.answer(false);
            assertThat(client.body(answer)).hasSizeLessThan(1_000);
            assertThat(answer.header("content-encoding")).isEqualTo("gzip");
            assertThat(answer.header("etag")).startsWith("W/");
            RawClient.Answer again = request(
                    client, "GET /large.txt", "Accept-Encoding: gzip", "If-None-Match: " + answer.header("etag"));
            assertThat(again.status()).isEqualTo(304);
            RawClient.Answer part = request(client, "GET /large.txt", "Accept-Encoding: gzip", "Range: bytes=0-4999");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).hasSize(5_000);
            assertThat(request(client, "GET /app.js", "Accept-Encoding: br").body())
                    .isEqualTo("brotli");
        }
    }

    @Test
    void optionsChangeWhatIsSent() throws Exception {
        StaticFiles files = StaticFiles.directory(root)
                .withoutIndex()
                .withoutPrecompressed()
                .withCacheControl("public, max-age=31536000, immutable");
        try (TestServer server = TestServer.with(http -> http.files("", files));
                RawClient client = server.raw()) {
            RawClient.Answer answer = request(client, "GET /app.js", "Accept-Encoding: gzip");
            assertThat(answer.body()).isEqualTo("let a = 1;");
            assertThat(answer.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
            assertThat(request(client, "GET /").status()).isEqualTo(404);
            assertThat(request(client, "GET /docs").status()).isEqualTo(404);
            RawClient.Answer failed = request(client, "GET /app.js", "If-Match: \"other\"");
            assertThat(failed.status()).isEqualTo(412);
            assertThat(failed.headers()).doesNotContainKey("cache-control");
        }
    }

    @Test
    void resourcesOfTheClassPathAreSent() throws Exception {
        try (TestServer server = TestServer.with(http -> http.files("/lib", StaticFiles.classPath("org/assertj"))
                        .files("/own", StaticFiles.classPath("/static-files/")));
                RawClient client = server.raw()) {
            RawClient.Answer own = request(client, "GET /own/hello.txt");
            assertThat(own.body()).isEqualTo("Hello\n");
            assertThat(own.headers()).containsKey("etag").doesNotContainKey("last-modified");
            assertThat(request(client, "GET /own/hello.txt", "If-None-Match: " + own.header("etag"))
                            .status())
                    .isEqualTo(304);
            assertThat(request(client, "GET /own/hello.txt", "Range: bytes=1-2").body())
                    .isEqualTo("el");
            assertThat(request(client, "GET /own/").status()).isEqualTo(404);
            assertThat(request(client, "GET /own/folder").status()).isEqualTo(404);
            assertThat(request(client, "GET /own/folder/").status()).isEqualTo(404);
            assertThat(request(client, "GET /own/..%2fhttp1-corpus.txt").status())
                    .isEqualTo(404);
            assertThat(request(client, "GET /lib/core/api").status()).isEqualTo(404);
            assertThat(request(client, "GET /lib/core/api/Assertions.class").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatCannotBeServedIsRefusedAtOnce() {
        assertThatThrownBy(() -> StaticFiles.directory(temporary.resolve("missing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> StaticFiles.directory(root.resolve("app.js")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StaticFiles.classPath("/")).isInstanceOf(IllegalArgumentException.class);
        StaticFiles files = StaticFiles.directory(root);
        assertThatThrownBy(() -> new Routes().files("files", files)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Routes().files("/files/", files)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Routes().files("", files.withCacheControl("a\r\nX: 1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
