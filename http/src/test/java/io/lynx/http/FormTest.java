package io.lynx.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.Catalogue;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms: encoded like a query, or in parts with files. */
class FormTest {
    private static final String MULTIPART = "multipart/form-data; boundary=XX";

    @TempDir
    private Path directory;

    private final AtomicReference<UploadedFile> kept = new AtomicReference<>();

    private FormLimits limits() {
        return FormLimits.defaults()
                .withDirectory(directory)
                .withInMemory(1000)
                .withMaxFields(10)
                .withMaxFiles(2)
                .withMaxFieldBytes(2000);
    }

    private void routes(Routes http) {
        http.post("/show", (request, response) -> response.send(show(request.form(limits()))))
                .post(
                        "/loop",
                        RouteOptions.nonBlocking(),
                        (request, response) -> response.send(show(request.form(limits()))))
                .post(
                        "/typed",
                        (request, response) -> response.send(""
                                + request.form()
                                        .value("age", Integer.class)
                                        .between(0, 150)
                                        .required()))
                .post("/keep", (request, response) -> {
                    kept.set(request.form(limits()).file("f").orElseThrow());
                    response.send("" + names(directory));
                })
                .post("/fail", (request, _) -> {
                    kept.set(request.form(limits()).file("f").orElseThrow());
                    throw new IllegalStateException("broken");
                })
                .post("/save", (request, response) -> {
                    UploadedFile file = request.form(limits()).file("f").orElseThrow();
                    Path target = directory.resolve("saved");
                    file.saveTo(target);
                    assertThatThrownBy(() -> file.saveTo(target)).isInstanceOf(FileAlreadyExistsException.class);
                    response.send(
                            Files.size(target) + " " + request.form().file("f").isPresent());
                })
                .post("/sized", (request, response) -> response.send(show(request.form(limits().withMaxFileSize(5)))));
    }

    private static String show(Form form) {
        StringBuilder text = new StringBuilder();
        for (String name : form.names()) {
            text.append(name).append('=').append(form.values(name)).append(' ');
        }
        for (String name : List.of("f", "g")) {
            for (UploadedFile file : form.files(name)) {
                text.append(name).append(':').append(file.fileName()).append(':');
                text.append(file.contentType().orElse("-"))
                        .append(':')
                        .append(file.size())
                        .append(':');
                text.append(content(file)).append(' ');
            }
        }
        return text.toString().trim();
    }

    private static String content(UploadedFile file) {
        try (InputStream first = file.stream();
                InputStream second = file.stream()) {
            byte[] bytes = first.readAllBytes();
            assertThat(second.readAllBytes()).isEqualTo(bytes);
            return bytes.length > 100 ? "…" : new String(bytes, ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static RawClient.Answer post(RawClient client, String path, String type, String body) throws IOException {
        send(client, path, type, body);
        return client.answer();
    }

    private static void send(RawClient client, String path, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(ISO_8859_1);
        client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: "
                + bytes.length + "\r\n\r\n");
        client.send(bytes);
    }

    private static String part(String disposition, String content) {
        return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    private static String file(String name, String content) {
        return "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name
                + "\"\r\nContent-Type: text/csv\r\n\r\n" + content + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&b=2&a=3, 'a=[1, 3] b=[2]'",
        "a=b+c%26%3D%C3%A4, a=[b c&=\u00e4]",
        "a, a=[]",
        "&&a=1&, a=[1]",
        "'', ''"
    })
    void encodedFormsAreRead(String body, String shown) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            for (String path : List.of("/show", "/loop")) {
                RawClient.Answer answer = post(client, path, "application/x-www-form-urlencoded; charset=utf-8", body);
                assertThat(answer.body()).isEqualTo(shown);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a=%, 400",
        "a=%zz, 400",
        "a=%ff, 400",
        "a=\u00e4, 400",
        "a=%\u00ef\u00bc\u0091\u00ef\u00bc\u0091, 400",
        "a=%00, 400",
        "a&a&a&a&a&a&a&a&a&a&a, 413"
    })
    void encodedFormsAreChecked(String body, int status) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", "application/x-www-form-urlencoded", body)
                            .status())
                    .isEqualTo(status);
            assertThat(post(client, "/show", "application/x-www-form-urlencoded", "a=" + "x".repeat(3000))
                            .status())
                    .isEqualTo(413);
        }
    }

    @Test
    void fieldsAreReadAsTypes() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            String type = "application/x-www-form-urlencoded";
            assertThat(post(client, "/typed", type, "age=7").body()).isEqualTo("7");
            RawClient.Answer refused = post(client, "/typed", type, "age=200");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("\"in\":\"form\"", "from 0 to 150");
        }
    }

    @Test
    void fieldsKeepTheirOrder() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", "application/x-www-form-urlencoded", "z=1&b=2&y=3&a=4&x=5&c=6&z=7")
                            .body())
                    .isEqualTo("z=[1, 7] b=[2] y=[3] a=[4] x=[5] c=[6]");
        }
    }

    @Test
    void partsAreRead() throws Exception {
        String body = "preamble\r\n" + part("name=\"a\"", "1") + part("name=a", "two\r\n--X\r\n--XY".replace("XY", "Y"))
                + part("name=\"empty\"", "")
                + file("report.csv", "x,y")
                + "--XX\r\ncontent-disposition:form-data;NAME=\"g\";FILENAME=\"\"\r\n\r\n\r\n"
                + "--XX--\r\nepilogue";
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            for (String path : List.of("/show", "/loop")) {
                assertThat(post(client, path, MULTIPART, body).body())
                        .isEqualTo("a=[1, two\r\n--X\r\n--Y] empty=[] f:report.csv:text/csv:3:x,y");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, passwd",
        "C:\\Users\\me\\a.csv, a.csv",
        ".htaccess, htaccess",
        "..., ''",
        "a%22b.csv, 'a\"b.csv'",
        "a\\\"b.csv, 'a\"b.csv'",
        "a%0D%0Ab.csv, ab.csv",
        "/, ''",
        "a;b=c.csv, a;b=c.csv"
    })
    void namesOfFilesAreHarmless(String sent, String name) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", MULTIPART, file(sent, "x") + "--XX--\r\n")
                            .body())
                    .isEqualTo("f:" + name + ":text/csv:1:x");
        }
    }

    @Test
    void namesMayHaveAnyLetters() throws Exception {
        String name = new String("\u00e4\u202e\u65e5.csv".getBytes(UTF_8), ISO_8859_1);
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", MULTIPART, file(name, "x") + "--XX--\r\n")
                            .body())
                    .isEqualTo("f:\u00e4\u65e5.csv:text/csv:1:x");
            assertThat(post(client, "/show", MULTIPART, file("\u00ff", "x") + "--XX--\r\n")
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--XX",
                "--XX-",
                "nothing at all",
                "--XX\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XX",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XXY\r\n",
                "--XX\nContent-Disposition: form-data; name=\"a\"\n\nx\n--XX--\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\r\"\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\0\"\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nno colon\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\n: empty\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\n\r\nx\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\u00ff\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\r\n\r\nx\r\n--XX--\r\n"
            })
    void malformedPartsAreRefused(String body) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            RawClient.Answer answer = post(client, "/show", MULTIPART, body);

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(post(client, "/show", MULTIPART, part("name=a", "1") + "--XX--")
                            .body())
                    .isEqualTo("a=[1]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 415",
        "'', 415",
        "multipart/mixed; boundary=XX, 415",
        "multipart/form-data, 400",
        "multipart/form-data; boundary=, 400",
        "'multipart/form-data; boundary=\"a b \"', 400",
        "multipart/form-data; boundary=a\u00e4, 400"
    })
    void otherTypesAreRefused(String type, int status) throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", type, "--XX--").status()).isEqualTo(status);
            assertThat(post(client, "/show", "multipart/form-data; boundary=" + "x".repeat(71), "x")
                            .status())
                    .isEqualTo(400);
            assertThat(post(client, "/show", MULTIPART + "\r\nContent-Encoding: gzip", "x")
                            .status())
                    .isEqualTo(415);
        }
    }

    @Test
    void limitsAreKept() throws Exception {
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            String end = "--XX--\r\n";
            assertTooLarge(client, "/show", part("name=a", "1").repeat(11) + end, "more than 10 fields");
            assertTooLarge(client, "/show", part("name=a", "x".repeat(1001)).repeat(2) + end, "more than 2000 bytes");
            assertTooLarge(client, "/show", file("a", "x").repeat(3) + end, "more than 2 files");
            assertTooLarge(client, "/sized", file("a", "123456") + end, "more than 5 bytes");
            String head = "--XX\r\nX-Long: " + "x".repeat(9000) + "\r\n\r\n\r\n" + end;
            assertTooLarge(client, "/show", head, "head of a part");
            String manyHeaders = "--XX\r\n" + "X: y\r\n".repeat(3000) + "\r\n\r\n" + end;
            assertTooLarge(client, "/show", manyHeaders, "head of a part");
            assertThat(post(client, "/show", MULTIPART, part("name=\"" + "n".repeat(300) + "\"", "1") + end)
                            .status())
                    .isEqualTo(400);
            String encoded = "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64"
                    + "\r\n\r\nQQ==\r\n" + end;
            assertThat(post(client, "/show", MULTIPART, encoded).status()).isEqualTo(415);
        }
        assertThat(names(directory)).isEmpty();
    }

    private static void assertTooLarge(RawClient client, String path, String body, String detail) throws IOException {
        RawClient.Answer answer = post(client, path, MULTIPART, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.body()).contains(detail);
    }

    @Test
    void aBodyLargerThanTheServerAllowsIsRefused() throws Exception {
        try (TestServer server = TestServer.with(config -> config.maxBodySize(100_000), this::routes);
                RawClient client = server.raw()) {
            client.send("POST /show HTTP/1.1\r\nHost: a\r\nContent-Type: " + MULTIPART
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] start = file("a", "x".repeat(50_000)).getBytes(ISO_8859_1);
            for (int i = 0; i < 3; i++) {
                client.send(Integer.toHexString(start.length) + "\r\n");
                client.send(start);
                client.send("\r\n");
            }
            assertThat(client.answer().status()).isEqualTo(413);
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void largeFilesAreKeptOnDiskWithoutAName() throws Exception {
        String large = "x".repeat(300_000);
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            String body = file("a", large) + "--XX--\r\n";
            assertThat(post(client, "/show", MULTIPART, body).body()).isEqualTo("f:a:text/csv:300000:…");
            assertThat(post(client, "/keep", MULTIPART, body).body()).isEqualTo("[]");
            Await.until(
                    "the handler has returned", () -> server.listener.inFlight().current() == 0);
            assertThatThrownBy(() -> kept.get().stream().read()).isInstanceOf(ClosedChannelException.class);
            assertThat(post(client, "/fail", MULTIPART, body).status()).isEqualTo(500);
            Await.until(
                    "the handler has returned", () -> server.listener.inFlight().current() == 0);
            assertThatThrownBy(() -> kept.get().stream().read()).isInstanceOf(ClosedChannelException.class);
            assertThat(post(client, "/save", MULTIPART, body).body()).isEqualTo("300000 true");
        }
        assertThat(names(directory)).containsExactly("saved");
    }

    @Test
    void uploadsShareTheSpaceForTemporaryFiles() throws Exception {
        CountDownLatch stored = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (TestServer server = TestServer.with(limits -> limits.maxUploadStorage(500_000), http -> {
                    routes(http);
                    http.post("/hold", (request, response) -> {
                        Form _ = request.form(limits());
                        stored.countDown();
                        assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
                        response.send("ok");
                    });
                });
                RawClient holder = server.raw()) {
            String upload = file("a", "x".repeat(300_000)) + "--XX--\r\n";
            send(holder, "/hold", MULTIPART, upload);
            assertThat(stored.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(answered(server, upload)).isEqualTo(503);
            assertThat(answered(server, file("a", "x".repeat(600_000)) + "--XX--\r\n"))
                    .isIn(413, 503);
            assertThat(answered(server, file("a", "small") + "--XX--\r\n")).isEqualTo(200);
            assertThat(server.metrics
                            .registry()
                            .counter(Catalogue.REQUESTS_REJECTED, "test", "max_upload_storage")
                            .count())
                    .isPositive();
            released.countDown();
            assertThat(holder.answer().status()).isEqualTo(200);
            Await.until(
                    "the handler has returned", () -> server.listener.inFlight().current() == 0);
            assertThat(answered(server, upload)).isEqualTo(200);
            String two = file("a", "x".repeat(300_000)) + file("b", "x".repeat(300_000)) + "--XX--\r\n";
            assertThat(answered(server, two)).isEqualTo(413);
        }
        assertThat(names(directory)).isEmpty();
    }

    private static int answered(TestServer server, String body) throws Exception {
        try (RawClient client = server.raw()) {
            return post(client, "/show", MULTIPART, body).status();
        }
    }

    @Test
    void nothingRemainsOfAnUploadThatIsCutOff() throws Exception {
        try (TestServer server = TestServer.with(this::routes)) {
            try (RawClient client = server.raw()) {
                client.send("POST /show HTTP/1.1\r\nHost: a\r\nContent-Type: " + MULTIPART
                        + "\r\nContent-Length: 1000000\r\n\r\n" + file("a", "x".repeat(200_000)));
                client.abort();
            }
            Await.until(
                    "the handler has returned", () -> server.listener.inFlight().current() == 0);
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void aDelimiterMayArriveInPieces() throws Exception {
        String body = part("name=a", "\r\n-\r\n--\r\n--X\r\n\r\n\r") + file("a", "\r\n--X") + "--XX--\r\n";
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            client.send("POST /show HTTP/1.1\r\nHost: a\r\nContent-Type: " + MULTIPART
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < body.length(); i++) {
                client.send("1\r\n" + body.charAt(i) + "\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("a=[\r\n-\r\n--\r\n--X\r\n\r\n\r] f:a:text/csv:5:\r\n--X");
        }
    }

    @Test
    void aContentThatLooksLikeDelimitersCostsNoMore() throws Exception {
        String almost = "\r\n--X".repeat(400_000);
        try (TestServer server = TestServer.with(this::routes);
                RawClient client = server.raw()) {
            assertThat(post(client, "/show", MULTIPART, file("a", almost) + "--XX--\r\n")
                            .body())
                    .isEqualTo("f:a:text/csv:2000000:…");
        }
    }
}
