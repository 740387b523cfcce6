package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An interceptor of the server sees every answer: its headers are part of it, and it knows the status that was sent. */
class InterceptedAnswersTest {
    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";

    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);

    private void observe(Request request, Response response, HttpHandler next) throws Exception {
        response.header("X-Frame-Options", "DENY");
        try {
            next.handle(request, response);
        } finally {
            statuses.add(response.status());
        }
    }

    private void routes(Routes http) {
        http.get("/", (_, response) -> response.send("ok"))
                .post("/body", (request, response) -> response.send(request.text()))
                .post("/loop", RouteOptions.nonBlocking(), (request, response) -> response.send(request.text()))
                .get("/validation", (_, _) -> {
                    throw new ValidationException("name", "is missing");
                })
                .get("/limited", (_, _) -> {
                    throw new HttpException(429, "too many", Map.of("Retry-After", "1"));
                })
                .get("/broken", (_, _) -> {
                    throw new IllegalStateException("broken");
                })
                .get("/unanswered", (_, _) -> {})
                .get("/unusable", (_, _) -> {
                    throw new HttpException(409, "no", Map.of("not a name", "a"));
                })
                .get("/slow", (_, response) -> {
                    entered.countDown();
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                    response.send("slow");
                });
    }

    private TestServer server(UnaryOperator<TestLimits> limits) {
        Consumer<Interceptors> observing = server -> server.add(StandardInterceptors.SECURITY_HEADERS, this::observe);
        return TestServer.intercepted(limits, this::routes, observing);
    }

    private void assertObserved(RawClient.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("x-frame-options")).isEqualTo("DENY");
        TestServer.await(() -> !statuses.isEmpty());
        assertThat(statuses).containsExactly(status);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, 200",
        "OPTIONS /, 204",
        "GET /nothing, 404",
        "POST /, 405",
        "GET /%zz, 400",
        "GET /validation, 422",
        "GET /limited, 429",
        "GET /broken, 500",
        "GET /unanswered, 500",
        "GET /unusable, 500"
    })
    void answersOfEveryKind(String line, int status) throws Exception {
        try (TestServer server = server(config -> config);
                RawClient client = server.raw()) {
            client.send(line + HOST + "\r\n");

            assertObserved(client.answer(), status);
        }
    }

    @ParameterizedTest
    @CsvSource({"/, 200", "/nothing, 404", "/validation, 422", "/limited, 429", "/broken, 500"})
    void answersOverHttp2(String path, int status) throws Exception {
        try (TestServer server = server(config -> config);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(server.listener.url() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
            TestServer.await(() -> !statuses.isEmpty());
            assertThat(statuses).containsExactly(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/body", "/loop"})
    void aBodyThatIsTooLarge(String path) throws Exception {
        try (TestServer server = server(config -> config.maxBodySize(10));
                RawClient announced = server.raw();
                RawClient chunked = server.raw()) {
            announced.send("POST " + path + HOST + "Content-Length: 11\r\n\r\n");
            assertObserved(announced.answer(), 413);
            statuses.clear();

            chunked.send("POST " + path + HOST + "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
            assertObserved(chunked.answer(), 413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/body", "/loop", "/nothing"})
    void aBodyThatStalls(String path) throws Exception {
        try (TestServer server = server(config -> config.stallTimeout(Duration.ofMillis(150)));
                RawClient client = server.raw()) {
            client.send("POST " + path + HOST + "Content-Length: 10\r\n\r\nhalf");

            assertObserved(client.answer(), 408);
        }
    }

    @Test
    void aRequestThatTakesTooLong() throws Exception {
        try (TestServer server = server(config -> config.requestTimeout(Duration.ofSeconds(1)));
                RawClient client = server.raw()) {
            client.get("/slow");

            RawClient.Answer answer = client.answer();
            released.countDown();
            assertObserved(answer, 503);
        }
    }

    @Test
    void aRequestAboveTheLimit() throws Exception {
        try (TestServer server = server(config -> config.maxInFlight(1));
                RawClient first = server.raw();
                RawClient second = server.raw()) {
            first.get("/slow");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            second.get("/");
            assertObserved(second.answer(), 503);

            released.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
            assertThat(server.listener.counts().refusedRequests()).isEqualTo(1);
        }
    }

    @Test
    void onlyInterceptorsThatDecideNothingRunAroundARefusal() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        try (TestServer server =
                        TestServer.intercepted(config -> config.maxBodySize(10), this::routes, added -> added.add(
                                        StandardInterceptors.AUTHENTICATION, noting(ran, "authentication"))
                                .add(StandardInterceptors.RATE_LIMIT, noting(ran, "rate limit"))
                                .add(StandardInterceptors.CORS, noting(ran, "cors"))
                                .add("audit", noting(ran, "audit")));
                RawClient client = server.raw()) {
            client.send("POST /body" + HOST + "Content-Length: 11\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(ran).containsExactly("cors", "audit");
        }
    }

    private static Interceptor noting(List<String> ran, String name) {
        return (request, response, next) -> {
            ran.add(name);
            next.handle(request, response);
        };
    }

    @Test
    void anInterceptorAnswersBeforeTheBodyIsRead() throws Exception {
        Interceptor authentication = (_, _, _) -> {
            throw new HttpException(401, "who are you?");
        };
        try (TestServer server = TestServer.intercepted(
                        config -> config,
                        this::routes,
                        added -> added.add(StandardInterceptors.AUTHENTICATION, authentication));
                RawClient client = server.raw()) {
            client.send("POST /body" + HOST + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(401);
        }
    }

    @Test
    void aHandlerInsideAnInterceptorReadsABodyThatArrivesLater() throws Exception {
        try (TestServer server = server(config -> config);
                RawClient client = server.raw()) {
            for (String expect : List.of("", "Expect: 100-continue\r\n")) {
                client.send("POST /body" + HOST + "Content-Length: 4\r\n" + expect + "\r\n");
                awaitContinue(client, expect);
                client.send("body");

                assertThat(client.answer().body()).isEqualTo("body");
            }
        }
    }

    private static void awaitContinue(RawClient client, String expect) throws IOException {
        if (!expect.isEmpty()) {
            assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.line()).isEmpty();
        }
    }
}
