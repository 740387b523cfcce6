package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedAnswerTest {
    private static final String LARGE = "0123456789".repeat(500);

    private final TestServer server = TestServer.with(
            config -> config.compression(true), http -> http.get("/large", (_, response) -> response.send(LARGE))
                    .get("/small", (_, response) -> response.send("small"))
                    .get("/typed", (request, response) -> response.type(
                                    request.query("type").orElseThrow())
                            .send(LARGE))
                    .get("/events", (_, response) -> {
                        try (var events = response.type("text/event-stream").stream()) {
                            events.write("data: 1\n".repeat(500).getBytes(StandardCharsets.UTF_8));
                        }
                    }));

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<byte[]> send(HttpClient.Version version, String method, String path, boolean accepts)
            throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.listener.url() + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(method, HttpRequest.BodyPublishers.noBody());
            if (accepts) {
                request.header("Accept-Encoding", "gzip");
            }
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer;
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void largeAnswersAreCompressed(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> answer = send(version, "GET", "/large", true);

        assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
        assertThat(header(answer, "vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(LARGE);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void smallAnswersAreNot(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> answer = send(version, "GET", "/small", true);

        assertThat(header(answer, "content-encoding")).isEqualTo("none");
        assertThat(header(answer, "content-length")).isEqualTo("5");
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("small");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void eventsAreNot(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> answer = send(version, "GET", "/events", true);

        assertThat(header(answer, "content-encoding")).isEqualTo("none");
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).startsWith("data: 1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/problem+json; charset=utf-8",
                "text/html;charset=utf-8",
                "TEXT/CSS",
                "image/svg+xml",
                "application/javascript"
            })
    void answersThatBecomeSmallerAreCompressed(String type) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<byte[]> answer = typed(version, type);

            assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
            assertThat(header(answer, "vary")).isEqualToIgnoringCase("accept-encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "application/zip",
                "video/mp4",
                "application/octet-stream",
                "application/grpc",
                "font/woff2",
                "text/event-stream; charset=utf-8"
            })
    void otherTypesAreNot(String type) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<byte[]> answer = typed(version, type);

            assertThat(header(answer, "content-encoding")).isEqualTo("none");
            assertThat(header(answer, "vary")).isEqualTo("none");
            assertThat(header(answer, "content-length")).isEqualTo("5000");
            assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo(LARGE);
        }
    }

    private HttpResponse<byte[]> typed(HttpClient.Version version, String type) throws Exception {
        return send(version, "GET", "/typed?type=" + URLEncoder.encode(type, StandardCharsets.UTF_8), true);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void headHasNoLengthThatTheAnswerToGetWouldNotHave(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> compressed = send(version, "HEAD", "/large", true);
        assertThat(header(compressed, "content-encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(header(compressed, "content-length")).isEqualTo("none");

        HttpResponse<byte[]> plain = send(version, "HEAD", "/large", false);
        assertThat(header(plain, "content-encoding")).isEqualTo("none");
        assertThat(header(plain, "content-length")).isEqualTo("5000");

        HttpResponse<byte[]> small = send(version, "HEAD", "/small", true);
        assertThat(header(small, "content-length")).isEqualTo("5");
    }
}
