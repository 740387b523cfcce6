package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Retry;
import io.lynx.resilience.RetryBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lines that an operator reads when policies begin to reject calls: one for each beginning, not one for each call. */
class ResilienceLinesTest {
    @RegisterExtension
    private final RecordedLines lines = new RecordedLines("io.lynx.resilience");

    private final AtomicLong nanos = new AtomicLong();

    private void call(Retry retry) {
        assertThatThrownBy(() -> retry.call(() -> {
                    throw new IOException("refused");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aUsedUpRetryBudgetIsLoggedOnceAMinute() {
        Retry retry = Retry.builder()
                .name("orders")
                .maxAttempts(50)
                .budget(RetryBudget.standard(nanos::get))
                .sleeper(_ -> {})
                .build();

        call(retry);
        call(retry);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        for (int i = 0; i < 10; i++) {
            call(retry);
        }

        String line =
                "WARN Retry budget of orders is used up, so failed calls are not retried: it allows 0.2 retries per"
                        + " call and 10 per second";
        assertThat(lines.texts()).containsExactly(line);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        for (int i = 0; i < 10; i++) {
            call(retry);
        }
        assertThat(lines.texts()).containsExactly(line, line);
    }

    @Test
    void aBreakerThatOpensIsLoggedOnceWithItsCauseAndTheNextProbe() {
        CircuitBreaker breaker = CircuitBreaker.of(
                "payments",
                CircuitBreakerConfig.builder()
                        .threshold(2)
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                nanos::get);

        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new IOException("refused");
                    }))
                    .isInstanceOf(Exception.class);
        }

        assertThat(lines.texts())
                .singleElement()
                .asString()
                .startsWith("WARN Circuit breaker payments opened and rejects calls: ")
                .contains("2 consecutive failures", "IOException", "refused")
                .endsWith("; next probe in 30000ms");
    }
}
