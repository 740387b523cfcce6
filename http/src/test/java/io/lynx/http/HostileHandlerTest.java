package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler throws, its caller gets an answer at once. */
class HostileHandlerTest {
    private static class Hostile extends RuntimeException {
        private final String method;

        Hostile(String method) {
            this.method = method;
        }

        private void maybe(String name) {
            if (method.equals(name)) {
                throw new NoClassDefFoundError(name);
            }
        }

        @Override
        public String getMessage() {
            maybe("getMessage");
            return "secret";
        }

        @Override
        public String toString() {
            maybe("toString");
            return "Hostile";
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            maybe("getCause");
            return null;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            maybe("getStackTrace");
            return new StackTraceElement[0];
        }
    }

    /** What another service answered. */
    private static final class Answered extends RuntimeException implements Classification.HttpStatusFailure {
        private final int status;

        Answered(int status) {
            this.status = status;
        }

        @Override
        public int status() {
            return status;
        }
    }

    private static final class HostileAnswer extends HttpException {
        HostileAnswer() {
            super(409, "conflict");
        }

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"getMessage", "toString", "getCause", "getStackTrace"})
    void anExceptionWhoseMethodsThrowIsA500(String method) throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, _) -> {
                    throw new Hostile(method);
                })
                .get("/wrapped", (_, _) -> {
                    throw new CompletionException(new Hostile(method));
                })
                .intercept((request, response, next) -> next.handle(request, response)))) {
            assertThat(server.get("/").statusCode()).isEqualTo(500);
            assertThat(server.get("/wrapped").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void anErrorIsA500() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/linkage", (_, _) -> {
                    throw new NoClassDefFoundError("gone");
                })
                .get("/stack", (_, _) -> {
                    throw new StackOverflowError();
                })
                .get("/loop", RouteOptions.nonBlocking(), (_, _) -> {
                    throw new LinkageError("on the event loop");
                }))) {
            assertThat(server.get("/linkage").statusCode()).isEqualTo(500);
            assertThat(server.get("/stack").statusCode()).isEqualTo(500);
            assertThat(server.get("/loop").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void anAnswerThatCannotBeWrittenIsA500() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/header", (_, _) -> {
                    throw new HttpException(400, "no", Map.of("X-Bad", "a\r\nSet-Cookie: b=c"));
                })
                .get("/name", (_, _) -> {
                    throw new HttpException(400, "no", Map.of("not a name", "a"));
                })
                .get("/message", (_, _) -> {
                    throw new HostileAnswer();
                }))) {
            assertThat(server.get("/header").statusCode()).isEqualTo(500);
            assertThat(server.get("/header").headers().firstValue("set-cookie")).isEmpty();
            assertThat(server.get("/name").statusCode()).isEqualTo(500);
            assertThat(server.get("/message").statusCode()).isEqualTo(409);
        }
    }

    @Test
    void failuresOfOutgoingCallsAreGatewayErrors() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/refused", (_, _) -> {
                    throw new CompletionException(new ConnectException("refused"));
                })
                .get("/unknown", (_, _) -> {
                    throw new UnknownHostException("nowhere");
                })
                .get("/slow", (_, _) -> {
                    throw new SocketTimeoutException("slow");
                })
                .get("/client", (_, _) -> {
                    throw new java.net.http.HttpConnectTimeoutException("slow");
                })
                .get("/answered/{status}", (request, _) -> {
                    throw new Answered(Integer.parseInt(request.path("status")));
                }))) {
            assertThat(server.get("/refused").statusCode()).isEqualTo(502);
            assertThat(server.get("/unknown").statusCode()).isEqualTo(502);
            assertThat(server.get("/slow").statusCode()).isEqualTo(504);
            assertThat(server.get("/client").statusCode()).isEqualTo(504);
            assertThat(server.get("/answered/503").statusCode()).isEqualTo(502);
            assertThat(server.get("/answered/504").statusCode()).isEqualTo(504);
            assertThat(server.get("/answered/404").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void headersOfInterceptorsSurviveAndTheStatusIsTheOneSent() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (TestServer server = TestServer.with(http -> http.intercept((request, response, next) -> {
                    response.header("Strict-Transport-Security", "max-age=1");
                    try {
                        next.handle(request, response);
                    } finally {
                        seen.set(response.status());
                    }
                })
                .get("/", (_, response) -> response.status(201).send("ok"))
                .get("/404", (_, response) -> {
                    response.header("Content-Encoding", "br");
                    throw new HttpException(404, "no");
                })
                .get("/500", (_, _) -> {
                    throw new IllegalStateException("secret");
                }))) {
            for (Map.Entry<String, Integer> expected :
                    Map.of("/", 201, "/404", 404, "/500", 500, "/nothing", 404).entrySet()) {
                var answer = server.get(expected.getKey());

                assertThat(answer.statusCode()).isEqualTo(expected.getValue());
                assertThat(answer.headers().firstValue("strict-transport-security"))
                        .as(expected.getKey())
                        .contains("max-age=1");
                assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
                TestServer.await(() -> seen.get() == expected.getValue());
            }
        }
    }
}
