package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.engine.binding.Json;
import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {
    record Item(String name) {}

    record Order(String name, int quantity, Instant at, List<String> tags) {}

    enum Colour {
        RED,
        BLUE
    }

    record Paint(Colour colour, Order order) {}

    @Test
    void readsThePartsOfARequest() throws Exception {
        try (TestServer server = TestServer.with(http -> http.post(
                "/echo/{x}",
                (request, response) -> response.json(Map.of(
                        "method", request.method(),
                        "path", request.path(),
                        "x", request.path("x"),
                        "q", request.queryAll("q"),
                        "header", request.headers("x-a"),
                        "cookie", request.cookie("c").orElse("none"),
                        "route", request.route().orElse(""),
                        "protocol", request.protocol(),
                        "id", request.id(),
                        "text", request.text()))))) {
            HttpResponse<String> answer = server.send(
                    "POST",
                    "/echo/a%20b?q=1&q=%C3%A4+b&x",
                    "höi",
                    "X-A",
                    "1",
                    "X-A",
                    "2",
                    "Cookie",
                    "b=2; c=\"3\"",
                    "X-Request-Id",
                    "abc-1");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("application/json");
            assertThat(answer.headers().firstValue("date")).isPresent();
            assertThat(answer.body())
                    .contains("\"method\":\"POST\"", "\"path\":\"/echo/a%20b\"", "\"x\":\"a b\"")
                    .contains("\"q\":[\"1\",\"ä b\"]", "\"header\":[\"1\",\"2\"]", "\"cookie\":\"3\"")
                    .contains("\"route\":\"/echo/{x}\"", "\"protocol\":\"HTTP/1.1\"", "\"id\":\"abc-1\"")
                    .contains("\"text\":\"höi\"");
        }
    }

    /** RFC 9112, 3.2.2. */
    @Test
    void theHostOfAnAbsoluteTargetCounts() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get(
                        "/where",
                        (request, response) -> response.send(request.host().orElse("none") + " "
                                + request.authority().orElse("none"))));
                RawClient client = server.raw()) {
            for (String target : List.of("http://shop.example:81/where", "HTTPS://shop.example:81/where?x=://y/")) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: other.example\r\n\r\n");
                assertThat(client.answer().body()).isEqualTo("shop.example:81 shop.example:81");
            }
            client.send("GET /where?http://x/ HTTP/1.1\r\nHost: other.example\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("other.example other.example");
        }
    }

    @Test
    void makesAnIdWhereTheClientsIsNone() throws Exception {
        try (TestServer server =
                TestServer.with(http -> http.get("/", (request, response) -> response.send(request.id())))) {
            String first = server.get("/", "X-Request-Id", "{bad}").body();
            String second = server.get("/").body();

            assertThat(first).matches("[a-z0-9]+-[a-z0-9]+").isNotEqualTo(second);
        }
    }

    @Test
    void readsRecordsFromJson() throws Exception {
        AtomicReference<Order> read = new AtomicReference<>();
        try (TestServer server = TestServer.with(http -> http.post("/orders", (request, response) -> {
            Order order = request.json(Order.class);
            read.set(order);
            response.status(201).json(order);
        }))) {
            HttpResponse<String> answer = server.send(
                    "POST",
                    "/orders",
                    "{\"name\":\"n\",\"quantity\":2,\"at\":\"2026-01-02T03:04:05Z\",\"tags\":[\"a\"],\"new\":1}");

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body())
                    .isEqualTo("{\"name\":\"n\",\"quantity\":2,\"at\":\"2026-01-02T03:04:05Z\",\"tags\":[\"a\"]}");
            assertThat(read.get()).isEqualTo(new Order("n", 2, Instant.parse("2026-01-02T03:04:05Z"), List.of("a")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{'|body: malformed at line 1, column 2",
                "nonsense|body: malformed at line 1, column 1",
                "'{\"order\":{\"quantity\":\"x\"}}'|order.quantity: 'x' is not a whole number",
                "'{\"order\":{\"quantity\":1.5}}'|order.quantity: '1.5' is not a whole number",
                "'{\"order\":{\"quantity\":99999999999}}'|order.quantity: must be a whole number in the range of its type",
                "'{\"order\":{\"quantity\":null}}'|order.quantity: must be a whole number",
                "'{\"order\":{\"at\":\"soon\"}}'|order.at: 'soon' is not an instant such as 2026-01-31T12:00:00Z",
                "'{\"order\":{\"tags\":\"x\"}}'|order.tags: must be an array",
                "'{\"order\":{\"tags\":[{}]}}'|order.tags[0]: must be a text",
                "'{\"colour\":\"GREEN\"}'|colour: 'GREEN' is not one of RED, BLUE",
                "'[]'|body: must be an object",
                "'null'|body: null is not allowed",
                "'{} {}'|body: must be one JSON value, without anything after it",
            })
    void saysWhatIsWrongWithABody(String json, String detail) {
        assertThatThrownBy(() ->
                        Json.read(JsonCodec.installed(), json.getBytes(StandardCharsets.UTF_8), TypeOf.of(Paint.class)))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageStartingWith(detail)
                .hasMessageNotContainingAny("java", "lynx", "class", "Jackson");
    }

    /** A page of another site can have a browser send such a body without preflight. */
    @ParameterizedTest
    @CsvSource({
        "X-Other, 1, 200",
        "Origin, https://evil.example, 415",
        "Origin, null, 415",
        "Cookie, session=1, 415",
        "Sec-Fetch-Site, cross-site, 415",
    })
    void aBodyWithoutATypeIsJsonUnlessABrowserSendsIt(String header, String value, int status) throws Exception {
        try (TestServer server = TestServer.with(
                        http -> http.post("/", (request, response) -> response.json(request.json(Item.class))));
                RawClient client = server.raw()) {
            String item = "{\"name\":\"box\"}";
            String head = "POST / HTTP/1.1\r\nHost: a\r\n" + header + ": " + value + "\r\nContent-Length: "
                    + item.length() + "\r\n";
            client.send(head + "\r\n" + item);
            assertThat(client.answer().status()).isEqualTo(status);

            client.send(head + "Content-Type: application/json\r\n\r\n" + item);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesOtherTypesThanJson() throws Exception {
        try (TestServer server = TestServer.with(
                http -> http.post("/", (request, response) -> response.json(request.json(Order.class))))) {
            HttpResponse<String> answer = server.send("POST", "/", "a=1", "Content-Type", "text/plain");

            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(answer.headers().firstValue("accept")).contains("application/json");
        }
    }

    @Test
    void streamsALargeBodyInBoundedMemoryAndBack() throws Exception {
        int size = 5_000_000;
        try (TestServer server = TestServer.with(http -> http.post("/", (request, response) -> {
                    try (InputStream in = request.stream();
                            OutputStream out = response.stream()) {
                        in.transferTo(out);
                    }
                }));
                RawClient client = server.raw()) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
                    client.send("x".repeat(size));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            RawClient.Answer answer = client.answer();

            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(answer.body()).hasSize(size);
        }
    }

    @Test
    void sendsLargeAnswersWithTheirLength() throws Exception {
        String large = "y".repeat(1_000_000);
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> response.send(large)))) {
            HttpResponse<String> answer = server.get("/");

            assertThat(answer.headers().firstValue("content-length")).contains("1000000");
            assertThat(answer.body()).isEqualTo(large);
        }
    }

    @Test
    void theClientSendsItsBodyAfter100Continue() throws Exception {
        try (TestServer server = TestServer.with(http -> http.post(
                                "/",
                                (request, response) ->
                                        response.send(request.text().length() + ""))
                        .post("/refused", (_, response) -> response.problem(403, "no")));
                RawClient client = server.raw();
                RawClient refused = server.raw()) {
            for (int size : new int[] {10, 100_000}) {
                client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " + size + "\r\n\r\n");

                assertThat(client.answer(false).status()).isEqualTo(100);

                client.send("z".repeat(size));
                assertThat(client.answer().body()).isEqualTo(size + "");
            }
            refused.send("POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");

            RawClient.Answer answer = refused.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }
}
