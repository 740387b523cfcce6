package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.TimeLimiter;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What recovery hears of requests that fail, and what clients are answered. */
class FailureReportTest {
    private final ManualTime time = new ManualTime();
    private ErrorRecoveryManager recovery =
            ErrorRecoveryManager.builder().ticker(time).scheduler(time).build();
    private final RecordingContext context =
            RecordingContext.onRealTime(HttpServer.with(_ -> {}).descriptor());
    private final ListenerFixture listener = ListenerFixture.start(context);
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server = HttpServer.with(http -> {});

    @AfterEach
    void stop() throws Exception {
        listener.close();
        client.shutdownNow();
        context.close();
        recovery.close();
    }

    /** A server with one route of its own and one of the plugin {@code orders}. */
    private void serve(HttpHandler handler) throws Exception {
        context.share(ErrorRecoveryManager.KEY, recovery);
        server = HttpServer.with(http -> http.get("/own/{id}", handler));
        server.start(context);
        context.resource(HttpServer.ROUTES)
                .add(
                        RecordingContext.of(PluginDescriptor.of("orders").build(), time),
                        http -> http.get("/orders/{id}", handler));
        listener.traffic().open();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("X-Request-Id", "r-17")
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        // The answer is sent before the failure is recorded.
        TestServer.await(() -> listener.traffic().inFlight().current() == 0);
        return answer;
    }

    private static HttpHandler throwing(Exception failure) {
        return (_, _) -> {
            throw failure;
        };
    }

    private List<ErrorRecord> errors() {
        return recovery.recentErrors(10);
    }

    @Test
    void anExceptionIsAnErrorOfThePluginThatOwnsTheRoute() throws Exception {
        serve(throwing(new ConnectException("no connection")));

        HttpResponse<String> answer = get("/orders/4711?card=1234");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(errors()).singleElement().satisfies(error -> {
            assertThat(error.component()).isEqualTo("orders");
            assertThat(error.origin()).isEqualTo(ErrorOrigin.request());
            assertThat(error.errorType()).isEqualTo("network");
            assertThat(error.requestId()).isEqualTo("r-17");
            assertThat(error.context())
                    .isEqualTo(Map.of("method", "GET", "route", "/orders/{id}", "request_id", "r-17"));
        });
    }

    @Test
    void anErrorInAClassificationRuleIsARecordedA500() throws Exception {
        recovery.close();
        recovery = ErrorRecoveryManager.builder()
                .ticker(time)
                .scheduler(time)
                .classifier(ErrorClassifier.builder()
                        .rule(_ -> {
                            throw new LinkageError("a library is missing");
                        })
                        .build())
                .build();
        serve(throwing(new IllegalStateException("broken")));

        assertThat(get("/orders/1").statusCode()).isEqualTo(500);
        assertThat(errors())
                .extracting(ErrorRecord::component, ErrorRecord::message)
                .containsExactly(tuple("orders", "broken"));
    }

    @Test
    void theServersOwnRoutesAreTheServers() throws Exception {
        serve(throwing(new IllegalStateException("broken")));

        get("/own/1");

        assertThat(errors()).extracting(ErrorRecord::component).containsExactly("http");
    }

    @Test
    void anAnswerOfTheHandlersIsRecordedAsWhatCausedIt() throws Exception {
        serve(throwing(new HttpException(503, "later", new ConnectException("gone"))));

        assertThat(get("/orders/1").statusCode()).isEqualTo(503);

        assertThat(errors()).extracting(ErrorRecord::errorType).containsExactly("network");
    }

    @Test
    void anAnswerWithoutACauseIsRecordedByItsStatus() throws Exception {
        serve(throwing(new HttpException(503, "later", Map.of("retry-after", "7"))));

        HttpResponse<String> answer = get("/orders/1");

        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(errors()).extracting(ErrorRecord::errorType).containsExactly("resource");
    }

    @Test
    void whatAHookAnswersAsAFaultOfTheServerIsRecorded() throws Exception {
        server = HttpServer.with(http -> http.onError(HttpException.class, (request, response, _) -> response.status(
                                Integer.parseInt(request.path("id")))
                        .send("own"))
                .get("/own/{id}", throwing(new HttpException(409, "not now"))));
        context.share(ErrorRecoveryManager.KEY, recovery);
        server.start(context);
        listener.traffic().open();

        assertThat(get("/own/410").statusCode()).isEqualTo(410);
        assertThat(errors()).isEmpty();
        assertThat(get("/own/503").statusCode()).isEqualTo(503);
        assertThat(errors()).hasSize(1);
    }

    @Test
    void aFaultOfTheClientIsNotRecordedAsAnError() throws Exception {
        serve((request, _) -> {
            throw request.path("id").equals("1")
                    ? new ValidationException("id", "is taken")
                    : new HttpException(409, "not now", new IllegalStateException("inside"));
        });

        assertThat(get("/orders/1").statusCode()).isEqualTo(422);
        assertThat(get("/orders/2").statusCode()).isEqualTo(409);
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);

        assertThat(recovery.totals().recorded()).isZero();
    }

    @Test
    void aRestartingPluginIsNotRecordedAsAnError() throws Exception {
        serve((_, response) -> response.noContent());
        RecordingContext news = RecordingContext.of(PluginDescriptor.of("news").build(), time);
        context.resource(HttpServer.ROUTES).add(news, http -> http.get("/news", (_, response) -> response.noContent()));
        news.close();

        assertThat(get("/news").statusCode()).isEqualTo(503);

        assertThat(recovery.totals().recorded()).isZero();
    }

    @Test
    void anOpenBreakerAnswers503UntilItProbes() throws Exception {
        CircuitBreaker breaker = CircuitBreaker.of(
                "db",
                CircuitBreakerConfig.builder()
                        .threshold(1)
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                time);
        breaker.acquire().failure(new IOException("down"));
        time.advance(Duration.ofMillis(1_500));
        serve((_, _) -> breaker.acquire());

        HttpResponse<String> answer = get("/orders/1");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).contains("29");
        assertThat(answer.body()).contains("\"request_id\":\"r-17\"").doesNotContain("db");
        assertThat(recovery.totals().recorded()).isZero();
        assertThat(recovery.totals().rejected()).isEqualTo(1);
    }

    @Test
    void aFullBulkheadAnswers503() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("db", 1, Duration.ZERO);
        serve((_, response) -> bulkhead.call(() -> {
            if (bulkhead.call(() -> true)) {
                response.noContent();
            }
            return true;
        }));

        HttpResponse<String> answer = get("/orders/1");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(recovery.totals().rejected()).isEqualTo(1);
    }

    @Test
    void anExceededRateAnswers429() throws Exception {
        RateLimiter limiter = RateLimiter.builder("api", 1, Duration.ofSeconds(40))
                .ticker(time)
                .build();
        limiter.acquire();
        serve((_, _) -> limiter.acquire());

        HttpResponse<String> answer = get("/orders/1");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("40");
        assertThat(recovery.totals().rejected()).isEqualTo(1);
    }

    @Test
    void countsARefusalByARateLimitHoweverItIsWrapped() throws Exception {
        RateLimiter limiter = RateLimiter.builder("api", 1, Duration.ofSeconds(40))
                .ticker(time)
                .build();
        limiter.acquire();
        serve((request, _) -> {
            try {
                limiter.acquire();
            } catch (RateLimitExceededException refused) {
                throw switch (request.path("id")) {
                    case "1" -> refused;
                    case "2" -> new CompletionException(refused);
                    case "3" -> new ExecutionException(new CompletionException(refused));
                    case "4" -> new HttpException(429, "slower", refused);
                    case "5" -> new HttpException(503, "later", new ExecutionException(refused));
                    default -> new IllegalStateException("of a client", refused);
                };
            }
        });

        List<Integer> answered = new ArrayList<>();
        for (int id = 1; id <= 6; id++) {
            answered.add(get("/orders/" + id).statusCode());
        }

        assertThat(answered).containsExactly(429, 429, 429, 429, 503, 429);
        assertThat(context.metrics()
                        .snapshot()
                        .find("lynx_rate_limit_hits_total", Map.of("limit_type", "request", "resource", "api")))
                .hasValueSatisfying(hits -> assertThat(hits.value()).isEqualTo(6));
    }

    @Test
    void aCallThatTookTooLongAnswers504AndIsAnError() throws Exception {
        TimeLimiter limiter = TimeLimiter.of(Duration.ofSeconds(1), time);
        serve((_, _) -> limiter.call(() -> {
            time.advance(Duration.ofSeconds(2));
            return true;
        }));

        assertThat(get("/orders/1").statusCode()).isEqualTo(504);

        assertThat(errors()).extracting(ErrorRecord::errorType).containsExactly("timeout");
    }

    @Test
    void theWrappersOfFuturesHideNothing() throws Exception {
        CircuitBreaker breaker = CircuitBreaker.of("db", CircuitBreakerConfig.defaults(), time);
        breaker.forceOpen();
        serve((_, _) -> {
            try {
                breaker.acquire();
            } catch (RuntimeException refused) {
                throw new CompletionException(refused);
            }
        });

        HttpResponse<String> answer = get("/orders/1");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(recovery.totals().rejected()).isEqualTo(1);
        assertThat(recovery.totals().recorded()).isZero();
    }

    @Test
    void anAnswerInAWrapperOfAFutureIsThatAnswer() throws Exception {
        serve((request, _) -> {
            throw switch (request.path("id")) {
                case "1" -> new CompletionException(HttpException.notFound());
                case "2" -> new ExecutionException(new CompletionException(new ValidationException("id", "is taken")));
                default ->
                    new CompletionException(
                            new HttpException(503, "later", Map.of("Retry-After", "7"), new ConnectException("gone")));
            };
        });

        assertThat(get("/orders/1").statusCode()).isEqualTo(404);
        HttpResponse<String> invalid = get("/orders/2");
        assertThat(invalid.statusCode()).isEqualTo(422);
        assertThat(invalid.body()).contains("is taken");
        assertThat(errors()).isEmpty();

        HttpResponse<String> later = get("/orders/3");
        assertThat(later.statusCode()).isEqualTo(503);
        assertThat(later.headers().firstValue("Retry-After")).contains("7");
        assertThat(errors()).singleElement().satisfies(error -> {
            assertThat(error.errorType()).isEqualTo("network");
            assertThat(error.exceptionClass()).isEqualTo(ConnectException.class.getName());
        });
    }

    @Test
    void worksWithoutAnErrorRecorder() throws Exception {
        server = HttpServer.with(http -> http.get("/", throwing(new IllegalStateException("broken"))));
        server.start(context);
        listener.traffic().open();

        assertThat(get("/").statusCode()).isEqualTo(500);
    }
}
