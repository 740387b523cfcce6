package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.resilience.Retry.RetryAfter;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final ManualTime time = new ManualTime();
    private final List<Long> waits = new ArrayList<>();
    private int attempts;

    private Retry.Builder retry() {
        return Retry.builder()
                .random(() -> .5)
                .budget(RetryBudget.of(10, 1000, time))
                .sleeper(duration -> {
                    waits.add(duration.toMillis());
                    time.advance(duration);
                });
    }

    private String failing(int times) throws IOException {
        if (++attempts <= times) {
            throw new IOException("attempt " + attempts);
        }
        return "done";
    }

    private static final class Throttled extends Exception implements RetryAfter {
        private final Duration wait;

        Throttled(Duration wait) {
            this.wait = wait;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(wait);
        }
    }

    @Test
    void retriesUntilTheCallSucceeds() throws Exception {
        Retry retry = retry().build();

        assertThat(retry.call(() -> failing(2))).isEqualTo("done");

        assertThat(attempts).isEqualTo(3);
        assertThat(retry.retries()).isEqualTo(2);
    }

    @Test
    void throwsWhatTheLastAttemptThrew() {
        assertThatThrownBy(() -> retry().build().call(() -> failing(9)))
                .isInstanceOf(IOException.class)
                .hasMessage("attempt 3");
    }

    @Test
    void waitsForAShareOfABoundThatDoubles() {
        Retry retry = retry().maxAttempts(6)
                .initialDelay(Duration.ofMillis(100))
                .maxDelay(Duration.ofMillis(500))
                .build();

        assertThatThrownBy(() -> retry.call(() -> failing(9))).isInstanceOf(IOException.class);

        assertThat(waits).containsExactly(50L, 100L, 200L, 250L, 250L);
    }

    @Test
    void waitsAsLongAsTheFailureRequests() throws Exception {
        Retry retry = retry().build();

        assertThat(retry.call(() -> {
                    if (++attempts == 1) {
                        throw new Throttled(Duration.ofSeconds(3));
                    }
                    return "done";
                }))
                .isEqualTo("done");

        assertThat(waits).containsExactly(3_000L);
    }

    @Test
    void stopsIfTheFailureRequestsTooLongAWait() {
        Retry retry = retry().maxDelay(Duration.ofSeconds(5)).build();

        assertThatThrownBy(() -> retry.call(() -> {
                    attempts++;
                    throw new Throttled(Duration.ofSeconds(6));
                }))
                .isInstanceOf(Throttled.class);

        assertThat(attempts).isEqualTo(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void doesNotWaitBeyondTheDeadline() {
        Retry retry = retry().maxAttempts(10).build();
        Deadline deadline = Deadline.after(Duration.ofMillis(120), time);

        assertThatThrownBy(() -> retry.call(() -> failing(9), deadline)).hasMessage("attempt 2");

        assertThat(waits).containsExactly(50L);
    }

    @Test
    void neverRetriesRejectionsAndCancellations() {
        Retry retry = retry().build();
        List<Exception> failures = List.of(
                new BulkheadFullException("b", 1, Duration.ZERO),
                new CircuitBreakerOpenException("c", CircuitBreakerState.OPEN, 0),
                new RateLimitExceededException("r", "1 calls in PT1S", Duration.ZERO),
                new InterruptedException(),
                new CancellationException());

        for (Exception failure : failures) {
            assertThatThrownBy(() -> retry.call(() -> {
                        attempts++;
                        throw failure;
                    }))
                    .isSameAs(failure);
        }

        assertThat(attempts).isEqualTo(failures.size());
    }

    @Test
    void neverRetriesAnError() {
        assertThatThrownBy(() -> retry().build().call(() -> {
                    attempts++;
                    throw new OutOfMemoryError();
                }))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void retriesWhatThePredicateAllows() {
        Retry retry =
                retry().retryWhen(failure -> !(failure instanceof IOException)).build();

        assertThatThrownBy(() -> retry.call(() -> failing(1))).isInstanceOf(IOException.class);

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void theBudgetBoundsTheRetriesOfAllCalls() {
        RetryBudget budget = RetryBudget.of(.2, 0, time);
        Retry retry = retry().maxAttempts(4).budget(budget).build();

        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> retry.call(() -> failing(Integer.MAX_VALUE)))
                    .isInstanceOf(IOException.class);
        }

        assertThat(retry.retries()).isEqualTo(200);
        assertThat(budget.refusals()).isGreaterThan(0);
    }

    /** The bound is one retry for five calls and ten a second: the first call fits ten retries, so eleven attempts. */
    @Test
    void aLargeNumberOfAttemptsEndsWithTheBudgetAndIsCounted() {
        Retry retry = Retry.builder()
                .name("orders")
                .maxAttempts(50)
                .random(() -> 0)
                .budget(RetryBudget.standard(time))
                .sleeper(_ -> {})
                .build();

        assertThatThrownBy(() -> retry.call(() -> failing(Integer.MAX_VALUE))).hasMessage("attempt 11");
        assertThatThrownBy(() -> retry.call(() -> failing(Integer.MAX_VALUE))).hasMessage("attempt 12");

        assertThat(retry.retries()).isEqualTo(10);
        assertThat(retry.denied()).isEqualTo(2);
        Map<String, Double> samples = new TreeMap<>();
        retry.collect((metric, value, labels) -> samples.put(metric.name() + List.of(labels), value));
        assertThat(samples)
                .containsExactly(
                        entry("lynx_retries_denied_total[orders]", 2.0), entry("lynx_retries_total[orders]", 10.0));
    }

    @Test
    void anInterruptWhileItWaitsEndsIt() {
        Retry retry = retry().sleeper(_ -> {
                    throw new InterruptedException();
                })
                .build();

        assertThatThrownBy(() -> retry.call(() -> failing(1)))
                .isInstanceOf(InterruptedException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> Retry.builder()
                        .maxAttempts(0)
                        .initialDelay(Duration.ofSeconds(6))
                        .multiplier(.5)
                        .build())
                .hasMessage("""
                    retry.max_attempts: 0; allowed is 1 to 100
                    retry.max_delay: PT5S; allowed is PT6S to PT1H
                    retry.multiplier: 0.5; allowed is 1 to 100\
                    """);
    }
}
