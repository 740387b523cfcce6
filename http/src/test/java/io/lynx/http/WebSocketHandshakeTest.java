package io.lynx.http;

import static io.lynx.http.SocketClient.TEXT;
import static io.lynx.http.SocketClient.frame;
import static io.lynx.http.SocketClient.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.http.websocket.WebSocket;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import io.lynx.testkit.LoopbackCertificate;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The handshakes of WebSockets: what is accepted, and how others are answered. */
class WebSocketHandshakeTest {
    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private final CountDownLatch returned = new CountDownLatch(1);

    /** Sends text back. */
    private void echo(WebSocket socket) {
        opened.complete(socket);
        try {
            for (WebSocketMessage message : socket) {
                socket.send(message.text());
            }
        } finally {
            returned.countDown();
        }
    }

    private TestServer serving(WebSocketHandler handler) {
        return TestServer.with(http -> http.webSocket("/", handler));
    }

    private static void sendText(SocketClient client, String text) throws Exception {
        client.send(TEXT, text);
        assertThat(client.read()).hasToString("text " + text);
    }

    @Test
    void confirmsTheHandshakeAndKeepsTheHeadersOfInterceptors() throws Exception {
        try (TestServer server = TestServer.with(http -> http.intercept((request, response, next) -> {
                            response.header("X-Outer", "1");
                            next.handle(request, response);
                            response.status();
                        })
                        .webSocket("/", this::echo));
                RawClient raw = server.raw()) {
            RawClient.Answer answer = SocketClient.handshake(raw, "/");

            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers())
                    .containsEntry("upgrade", "websocket")
                    .containsEntry("connection", "Upgrade")
                    .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .containsEntry("x-outer", "1")
                    .doesNotContainKeys("sec-websocket-protocol", "sec-websocket-extensions", "content-length");
            sendText(new SocketClient(raw), "hello");
        }
    }

    /** A handshake that is refused: headers that differ from those of a good one, and the answer. */
    record Refused(String name, int status, String detail, List<String> headers) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Refused refusal(String name, int status, String detail, String... headers) {
        return new Refused(name, status, detail, List.of(headers));
    }

    static Stream<Refused> refused() {
        return Stream.of(
                refusal("no upgrade", 426, "serves WebSockets", "Upgrade: "),
                refusal("another protocol", 426, "serves WebSockets", "Upgrade: cake"),
                refusal("Connection does not name it", 426, "serves WebSockets", "Connection: keep-alive"),
                refusal("no version", 426, "only 13", "Sec-WebSocket-Version: "),
                refusal("an old version", 426, "only 13", "Sec-WebSocket-Version: 8"),
                refusal("two versions", 426, "only 13", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"),
                refusal("no key", 400, "Sec-WebSocket-Key", "Sec-WebSocket-Key: "),
                refusal("a short key", 400, "Sec-WebSocket-Key", "Sec-WebSocket-Key: AAAA"),
                refusal("not base64", 400, "Sec-WebSocket-Key", "Sec-WebSocket-Key: " + "*".repeat(24)),
                refusal(
                        "two keys",
                        400,
                        "Sec-WebSocket-Key",
                        "Sec-WebSocket-Key: " + SocketClient.KEY,
                        "Sec-WebSocket-Key: " + SocketClient.KEY),
                refusal("a malformed subprotocol", 400, "Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol: a,,b"),
                refusal("a malformed extension", 400, "Extensions", "Sec-WebSocket-Extensions: a b"),
                refusal("a body", 400, "no body", "Content-Length: 0005"),
                refusal("the end of the connection", 400, "close", "Connection: close, Upgrade"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesHandshakes(Refused refused) throws Exception {
        try (TestServer server = serving(this::echo);
                RawClient raw = server.raw()) {
            raw.send(SocketClient.request("/", refused.headers().toArray(String[]::new))
                    + (refused.name().equals("a body") ? "hello" : ""));
            RawClient.Answer answer = raw.answer();

            assertThat(answer.status()).isEqualTo(refused.status());
            assertThat(answer.body()).contains(refused.detail());
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            if (refused.status() == 426) {
                assertThat(answer.headers())
                        .containsEntry("upgrade", "websocket")
                        .containsEntry("sec-websocket-version", "13");
                assertThat(answer.header("connection")).isEqualToIgnoringCase("upgrade");
            }
            assertThat(opened).isNotDone();
        }
    }

    @Test
    void aConnectionServesHttpAfterARefusal() throws Exception {
        try (TestServer server = TestServer.with(http -> http.path("/chat", chat -> chat.intercept((_, _, _) -> {
                                    throw new HttpException(401, "who are you?", Map.of("WWW-Authenticate", "Bearer"));
                                })
                                .webSocket("/{room}", this::echo))
                        .get("/", (_, response) -> response.send("ok")));
                RawClient raw = server.raw()) {
            raw.send(SocketClient.request("/chat/a") + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            RawClient.Answer answer = raw.answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
            assertThat(raw.answer().body()).isEqualTo("ok");
            raw.get("/");
            assertThat(raw.answer().body()).isEqualTo("ok");
        }
    }

    @Test
    void isRefusedToHttp2AndToOtherMethods() throws Exception {
        try (TestServer server = serving(this::echo)) {
            assertThat(server.send("POST", "/", "a").statusCode()).isEqualTo(405);
            assertThat(server.send("HEAD", "/", "").statusCode()).isEqualTo(426);
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
                var answer = client.send(
                        java.net.http.HttpRequest.newBuilder(URI.create(server.listener.url() + "/"))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(426);
            }
        }
    }

    @Test
    void theHandlerReadsTheRequest() throws Exception {
        WebSocketHandler handler = socket -> socket.send(String.join(
                " ",
                socket.request().path("room"),
                socket.request().query("since", Integer.class).orElse(0).toString(),
                socket.request().header("X-A").orElse(""),
                socket.request().cookie("c").orElse(""),
                Boolean.toString(!RequestContext.current().requestId().isEmpty()),
                socket.subprotocol().orElse("none")));
        WebSocketOptions options = WebSocketOptions.defaults().withSubprotocols("chat.v2", "chat.v1");
        try (TestServer server = TestServer.with(http -> http.webSocket("/chat/{room}", options, handler));
                RawClient raw = server.raw()) {
            RawClient.Answer answer = SocketClient.handshake(
                    raw, "/chat/b%C3%A4r?since=7", "X-A: x", "Cookie: c=1", "Sec-WebSocket-Protocol: chat.v1, chat.v2");

            assertThat(answer.header("sec-websocket-protocol")).isEqualTo("chat.v2");
            SocketClient client = new SocketClient(raw);
            assertThat(client.read()).hasToString("text b\u00e4r 7 x 1 true chat.v2");
            assertThat(client.read()).hasToString("close 1000");
        }
    }

    @Test
    void framesBehindTheHandshakeAreRead() throws Exception {
        try (TestServer server = serving(this::echo);
                RawClient raw = server.raw()) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            sent.writeBytes(SocketClient.request("/").getBytes(StandardCharsets.US_ASCII));
            sent.writeBytes(frame(TEXT, "one"));
            byte[] two = frame(TEXT, "two");
            sent.write(two, 0, 3);
            raw.send(sent.toByteArray());
            raw.send(java.util.Arrays.copyOfRange(two, 3, two.length));

            assertThat(raw.answer(false).status()).isEqualTo(101);
            SocketClient client = new SocketClient(raw);
            assertThat(client.read()).hasToString("text one");
            assertThat(client.read()).hasToString("text two");
        }
    }

    @Test
    void worksOverTls(@TempDir Path folder) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(folder);
        try (TestServer server =
                        TestServer.with(limits -> limits.tls(certificate), http -> http.webSocket("/", this::echo));
                RawClient raw = new RawClient(
                        certificate.clientContext().getSocketFactory().createSocket("localhost", server.port()));
                SocketClient client = SocketClient.open(raw, "/", "Origin: https://localhost")) {
            sendText(client, "x".repeat(100_000).substring(0, 60_000));
            client.close(1000);
            assertThat(client.rest()).containsExactly("close 1000");
        }
    }
}
