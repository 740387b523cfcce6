package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls that return a stage, through each policy and through all of them. */
class AsyncPoliciesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger attempts = new AtomicInteger();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "payments", CircuitBreakerConfig.builder().threshold(2).build(), time);
    private final Retry retry = Retry.builder()
            .random(() -> .5)
            .budget(RetryBudget.of(10, 1000, time))
            .build();

    private CompletionStage<String> failing() {
        return CompletableFuture.failedFuture(
                new CompletionException(new IOException("attempt " + attempts.incrementAndGet())));
    }

    @Test
    void retriesAfterTheBackoff() {
        CompletableFuture<String> called = retry.callAsync(
                        () -> attempts.incrementAndGet() < 3
                                ? CompletableFuture.failedFuture(new IOException("down"))
                                : CompletableFuture.completedFuture("done"),
                        time)
                .toCompletableFuture();
        assertThat(called).isNotDone();

        time.advance(Duration.ofMillis(50));
        assertThat(attempts).hasValue(2);
        time.advance(Duration.ofMillis(100));

        assertThat(called).isCompletedWithValue("done");
        assertThat(retry.retries()).isEqualTo(2);
    }

    @Test
    void retriesResults() throws Exception {
        Retry onEmpty = Retry.builder()
                .retryWhenResult(result -> result instanceof List<?> list && list.isEmpty())
                .sleeper(_ -> {})
                .build();

        List<Integer> found = onEmpty.call(() -> attempts.incrementAndGet() < 2 ? List.of() : List.of(7));
        List<Integer> never = onEmpty.call(List::of);

        assertThat(found).containsExactly(7);
        assertThat(never).as("the last result is returned as it is").isEmpty();
        assertThat(onEmpty.retries()).isEqualTo(3);
    }

    @Test
    void predicatesSeeTheCauseAndMayThrow() {
        Retry picky = Retry.builder()
                .retryWhen(failure -> failure instanceof IOException)
                .retryAfter(failure -> failure instanceof IOException ? Optional.of(Duration.ZERO) : Optional.empty())
                .sleeper(_ -> {})
                .build();
        Retry broken = Retry.builder()
                .retryWhen(_ -> {
                    throw new NoClassDefFoundError("gone");
                })
                .build();

        assertThatThrownBy(() -> picky.call(() -> {
                    attempts.incrementAndGet();
                    throw new CompletionException(new IOException("down"));
                }))
                .isInstanceOf(CompletionException.class);
        assertThat(attempts).hasValue(3);
        assertThatThrownBy(() -> broken.call(() -> {
                    throw new IOException("down");
                }))
                .hasMessage("down");
    }

    @Test
    void theBudgetCountsWhatItDenies() {
        Retry many = Retry.builder()
                .name("payments")
                .maxAttempts(50)
                .budget(RetryBudget.of(.2, 10, time))
                .sleeper(_ -> {})
                .build();

        assertThatThrownBy(() -> many.call(() -> {
                    attempts.incrementAndGet();
                    throw new IOException("down");
                }))
                .hasMessage("down");

        assertThat(attempts).hasValue(11);
        assertThat(many.denied()).isEqualTo(1);
    }

    @Test
    void allPoliciesTogether() {
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .retry(retry)
                .circuitBreaker(breaker)
                .rateLimiter(
                        RateLimiter.builder("payments", 10, SECOND).ticker(time).build())
                .bulkhead(Bulkhead.of("payments", 1, SECOND))
                .attemptTimeout(SECOND)
                .deadline(Duration.ofSeconds(10))
                .build();

        CompletableFuture<String> called =
                policies.callIdempotentAsync(this::failing).toCompletableFuture();
        time.advance(SECOND);

        assertThat(called.exceptionNow()).isInstanceOf(CircuitBreakerOpenException.class);
        assertThat(attempts).hasValue(2);
        assertThat(breaker.failures()).isEqualTo(2);
    }

    @Test
    void aCallWhoseTurnComesWithTheDeadlineFails() {
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .circuitBreaker(breaker)
                .rateLimiter(RateLimiter.builder("payments", 1, SECOND)
                        .maxWait(SECOND)
                        .ticker(time)
                        .build())
                .deadline(SECOND)
                .build();
        CompletableFuture<String> first = policies.callAsync(() -> CompletableFuture.completedFuture("first"))
                .toCompletableFuture();
        CompletableFuture<String> second = policies.callAsync(this::failing).toCompletableFuture();
        assertThat(first).isCompletedWithValue("first");

        time.advance(SECOND);

        assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(CallTimeoutException.class);
        assertThat(attempts).hasValue(0);
    }

    @Test
    @SuppressWarnings("NullAway") // What a user's code may do.
    void brokenCodeOfARetryEndsTheCall() {
        Retry silent = Retry.builder().retryAfter(_ -> null).build();
        Retry fatal = Retry.builder()
                .retryWhen(_ -> {
                    throw new InternalError("broken");
                })
                .build();

        CompletableFuture<String> asksForNothing =
                silent.callAsync(this::failing, time).toCompletableFuture();
        time.advance(SECOND);

        assertThat(asksForNothing.exceptionNow()).hasMessage("attempt 3");
        assertThat(fatal.callAsync(this::failing, time).toCompletableFuture().exceptionNow())
                .hasMessage("broken");
    }

    @Test
    void aCallWhoseWaitHasNoTimerTakesNoSlot() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, SECOND);

        try (Bulkhead.Slot _ = bulkhead.acquire()) {
            assertThatThrownBy(() -> bulkhead.callAsync(this::failing, (_, _) -> {
                        throw new RejectedExecutionException("closed");
                    }))
                    .isInstanceOf(RejectedExecutionException.class);
        }

        assertThat(bulkhead.available()).isEqualTo(1);
    }

    @Test
    void anAttemptThatHangsTimesOutAndHoldsItsSlot() {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, Duration.ZERO);
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .circuitBreaker(breaker)
                .bulkhead(bulkhead)
                .attemptTimeout(SECOND)
                .build();
        CompletableFuture<String> pending = new CompletableFuture<>();

        CompletableFuture<String> called = policies.callAsync(() -> pending).toCompletableFuture();
        time.advance(SECOND);

        assertThat(called.exceptionNow()).isInstanceOf(CallTimeoutException.class);
        assertThat(breaker.failures()).isEqualTo(1);
        assertThat(bulkhead.available()).isZero();
        CompletableFuture<String> next = policies.callAsync(() -> pending).toCompletableFuture();
        assertThat(next.exceptionNow()).isInstanceOf(BulkheadFullException.class);
        assertThat(breaker.failures()).as("a rejection is no failure").isEqualTo(1);
        pending.complete("late");
        assertThat(bulkhead.available()).isEqualTo(1);
    }

    @Test
    void aCallWaitsForItsSlotAndForItsTurn() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, SECOND);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> running =
                bulkhead.callAsync(() -> first, time).toCompletableFuture();
        CompletableFuture<String> waiting = bulkhead.callAsync(() -> CompletableFuture.completedFuture("second"), time)
                .toCompletableFuture();
        CompletableFuture<String> tooLong =
                bulkhead.callAsync(this::failing, time).toCompletableFuture();
        assertThat(bulkhead.waiting()).isEqualTo(2);

        first.complete("first");
        assertThat(running).isCompletedWithValue("first");
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("second");
        assertThatThrownBy(() -> tooLong.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("attempt 1");

        Bulkhead.Slot slot = bulkhead.acquire();
        CompletableFuture<String> late = bulkhead.callAsync(this::failing, time).toCompletableFuture();
        time.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(BulkheadFullException.class);
        slot.close();
        slot.close();
        assertThat(bulkhead.available()).isEqualTo(1);
    }

    @Test
    void aFallbackReplacesAFailedStage() {
        Fallback<String> cached = Fallback.<String>of(failure -> "cached: " + failure.getMessage())
                .when(IOException.class::isInstance);

        assertThat(cached.callAsync(this::failing).toCompletableFuture()).isCompletedWithValue("cached: attempt 1");
        assertThat(cached.callAsync(() -> CompletableFuture.failedFuture(new IllegalStateException("other")))
                        .toCompletableFuture()
                        .exceptionNow())
                .hasMessage("other");
        assertThat(cached.used()).isEqualTo(1);
    }

    @Test
    void durationsOfAnyLengthAreRefusedWhenBuilt() {
        Duration centuries = Duration.ofDays(365L * 300);

        assertThatThrownBy(() -> TimeLimiter.of(centuries, time)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bulkhead.of("b", 1, centuries)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.builder("r", 1, centuries).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RateLimiter.builder("r", 1, Duration.ofDays(1))
                        .burst(Integer.MAX_VALUE)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Retry.builder().maxDelay(centuries).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> CircuitBreakerConfig.builder().timeout(centuries).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CircuitBreakerConfig.builder()
                        .window(new WindowConfig.Count(
                                10, WindowConfig.Limits.of(5, .5).withSlowCalls(centuries, .5)))
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CircuitBreakers.builder(CircuitBreakerConfig.defaults())
                        .idleAfter(centuries)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        Policies.builder().scheduler(time).deadline(centuries).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
