package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No cache keeps an error for as long as the answer whose place it takes. */
class ErrorCachingTest {
    private static final class GoneException extends RuntimeException {}

    private final CountDownLatch released = new CountDownLatch(1);

    private static void allowCaching(Response response) {
        response.header("Cache-Control", "public, max-age=3600, no-transform")
                .addHeader("CACHE-CONTROL", "immutable")
                .header("Expires", "Thu, 31 Dec 2099 00:00:00 GMT")
                .header("CDN-Cache-Control", "max-age=86400")
                .header("Surrogate-Control", "max-age=86400")
                .header("X-Accel-Expires", "600")
                .header("X-Frame-Options", "DENY");
    }

    private void routes(Routes http) {
        http.onError(GoneException.class, (_, response, _) -> response.status(410)
                        .header("Cache-Control", "max-age=5")
                        .send("gone"))
                .intercept((request, response, next) -> {
                    allowCaching(response);
                    next.handle(request, response);
                })
                .get("/ok", (_, response) -> response.send("ok"))
                .get("/broken", (_, _) -> {
                    throw new IllegalStateException("broken");
                })
                .get("/loop", RouteOptions.nonBlocking(), (_, _) -> {
                    throw new HttpException(404, "not here");
                })
                .get("/unusable", (_, _) -> {
                    throw new HttpException(409, "no", Map.of("not a name", "a"));
                })
                .get("/slow", (_, response) -> {
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                    response.send("slow");
                })
                .get("/own", (_, _) -> {
                    throw new HttpException(404, "not here", Map.of("Cache-Control", "max-age=10"));
                })
                .get("/gone", (_, _) -> {
                    throw new GoneException();
                })
                .get("/answered", (_, response) -> response.status(404).send("not here"))
                .get("/secret", (_, response) -> {
                    response.header("Cache-Control", "no-store").header("Expires", "0");
                    throw new IllegalStateException("broken");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/loop", "/unusable", "/slow"})
    void theErrorMayNotBeKept(String path) throws Exception {
        try (TestServer server =
                TestServer.with(limits -> limits.requestTimeout(Duration.ofSeconds(1)), this::routes)) {
            HttpResponse<String> answer = server.get(path);
            released.countDown();

            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-transform");
            assertThat(answer.headers().map())
                    .doesNotContainKeys("expires", "cdn-cache-control", "surrogate-control", "x-accel-expires")
                    .containsKey("x-frame-options");
        }
    }

    @Test
    void whatForbidsCachingStays() throws Exception {
        try (TestServer server = TestServer.with(this::routes)) {
            HttpResponse<String> answer = server.get("/secret");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Expires")).contains("0");
        }
    }

    @Test
    void whatTheErrorSaysItselfIsSent() throws Exception {
        try (TestServer server = TestServer.with(this::routes)) {
            HttpResponse<String> own = server.get("/own");
            HttpResponse<String> hook = server.get("/gone");

            assertThat(own.headers().allValues("Cache-Control")).containsExactly("max-age=10");
            assertThat(hook.statusCode()).isEqualTo(410);
            assertThat(hook.headers().allValues("Cache-Control")).containsExactly("max-age=5");
        }
    }

    @Test
    void whatTheHandlerAnswersIsSentAsItIs() throws Exception {
        try (TestServer server = TestServer.with(this::routes)) {
            for (String path : new String[] {"/ok", "/answered"}) {
                assertThat(server.get(path).headers().allValues("Cache-Control"))
                        .containsExactly("public, max-age=3600, no-transform", "immutable");
            }
        }
    }
}
