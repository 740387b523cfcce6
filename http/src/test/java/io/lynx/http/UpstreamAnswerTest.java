package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.Retry.RetryAfter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The answer to a request whose handler called a service that refused the call for its rate. */
class UpstreamAnswerTest {
    private static class LimitedException extends RuntimeException implements HttpStatusFailure {
        @Override
        public int status() {
            return 429;
        }
    }

    private static final class PatientException extends LimitedException implements RetryAfter {
        private final transient Callable<Optional<Duration>> wait;

        PatientException(Callable<Optional<Duration>> wait) {
            this.wait = wait;
        }

        @Override
        public Optional<Duration> retryAfter() {
            try {
                return wait.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static Stream<Arguments> limited() {
        return Stream.of(
                Arguments.of("30", new PatientException(() -> Optional.of(Duration.ofSeconds(30)))),
                Arguments.of("2", new PatientException(() -> Optional.of(Duration.ofMillis(1_001)))),
                Arguments.of("1", new PatientException(Optional::empty)),
                Arguments.of("1", new PatientException(() -> Optional.of(Duration.ofSeconds(-5)))),
                Arguments.of(
                        "1", new PatientException(() -> Optional.of(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))),
                Arguments.of("1", new PatientException(() -> {
                    throw new IllegalStateException("hostile");
                })),
                Arguments.of("1", new LimitedException()),
                Arguments.of(
                        "7", new CompletionException(new PatientException(() -> Optional.of(Duration.ofSeconds(7))))));
    }

    @ParameterizedTest
    @MethodSource("limited")
    void theCallerMayTryAgainWhenTheServiceAllowsIt(String seconds, RuntimeException failure) throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, _) -> {
            throw failure;
        }))) {
            HttpResponse<String> answer = server.get("/");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains(seconds);
            assertThat(answer.body()).contains("a service that is needed for the answer is not available");
        }
    }

    @Test
    void aLimitOfTheCallersOwnStaysA429() throws Exception {
        try (TestServer server = TestServer.with(http -> http.get("/", (_, _) -> {
            throw new CompletionException(new HttpException(429, "slower"));
        }))) {
            assertThat(server.get("/").statusCode()).isEqualTo(429);
        }
    }
}
