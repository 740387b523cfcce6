package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "payments",
            CircuitBreakerConfig.builder().threshold(2).halfOpenLimit(1).build(),
            time);
    private final Retry retry = Retry.builder()
            .maxAttempts(5)
            .random(() -> .5)
            .budget(RetryBudget.of(10, 1000, time))
            .sleeper(time::advance)
            .build();
    private int attempts;

    private Policies.Builder policies() {
        return Policies.builder().ticker(time).scheduler(time);
    }

    private String failing() throws IOException {
        attempts++;
        throw new IOException("attempt " + attempts);
    }

    private String hanging(Duration duration) throws InterruptedException {
        attempts++;
        time.advance(duration);
        new CountDownLatch(1).await();
        return "never";
    }

    @Test
    void withoutPoliciesOnlyTheCallIsMade() throws Exception {
        Thread caller = Thread.currentThread();

        assertThat(Policies.builder().build().call(Thread::currentThread)).isSameAs(caller);
    }

    @Test
    void allPoliciesTogetherRunOnTheCallersThreadIfTheyInterrupt() throws Exception {
        Policies all = policies()
                .deadline(Duration.ofSeconds(10))
                .retry(retry)
                .circuitBreaker(breaker)
                .rateLimiter(
                        RateLimiter.builder("payments", 10, SECOND).ticker(time).build())
                .attemptTimeout(SECOND)
                .bulkhead(Bulkhead.of("payments", 1, SECOND))
                .interruptOnTimeout()
                .build();

        assertThat(all.callIdempotent(Thread::currentThread, Fallback.of(_ -> new Thread())))
                .isSameAs(Thread.currentThread());
        assertThat(breaker.successes()).isEqualTo(1);
    }

    @Test
    void retriesOnlyIdempotentCalls() {
        Policies policies = policies().retry(retry).build();

        assertThatThrownBy(() -> policies.call(this::failing)).hasMessage("attempt 1");
        assertThatThrownBy(() -> policies.callIdempotent(this::failing)).hasMessage("attempt 6");
    }

    @Test
    void eachAttemptCountsAndAnOpenBreakerEndsTheRetries() {
        Policies policies = policies().retry(retry).circuitBreaker(breaker).build();

        assertThatThrownBy(() -> policies.callIdempotent(this::failing))
                .isInstanceOf(CircuitBreakerOpenException.class);

        assertThat(attempts).isEqualTo(2);
        assertThat(breaker.failures()).isEqualTo(2);
    }

    @Test
    void theFallbackIsOutermost() throws Exception {
        Policies policies = policies().retry(retry).circuitBreaker(breaker).build();
        List<Exception> causes = new ArrayList<>();

        String value = policies.callIdempotent(this::failing, Fallback.of(cause -> {
            causes.add(cause);
            return "cached";
        }));

        assertThat(value).isEqualTo("cached");
        assertThat(causes).singleElement().isInstanceOf(CircuitBreakerOpenException.class);
        assertThat(policies.call(this::failing, Fallback.to("cached"))).isEqualTo("cached");
    }

    @Test
    void anAttemptTimeoutIsAFailureForTheBreakerAndRetried() {
        Policies policies = policies()
                .retry(retry)
                .circuitBreaker(breaker)
                .attemptTimeout(SECOND)
                .build();

        assertThatThrownBy(() -> policies.callIdempotent(() -> hanging(SECOND)))
                .isInstanceOf(CircuitBreakerOpenException.class);

        assertThat(attempts).isEqualTo(2);
        assertThat(breaker.failures()).isEqualTo(2);
    }

    @Test
    void aDeadlineIsTheTimeoutOfAttemptsWithoutOne() {
        Policies policies = policies().circuitBreaker(breaker).deadline(SECOND).build();

        assertThatThrownBy(() -> policies.call(() -> hanging(SECOND)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("call: exceeded 1000ms (total deadline)");

        assertThat(breaker.failures()).isEqualTo(1);
    }

    @Test
    void anAttemptThatTheDeadlineCutsShortDoesNotCountForTheBreaker() {
        Policies policies = policies()
                .retry(retry)
                .circuitBreaker(breaker)
                .attemptTimeout(SECOND)
                .deadline(Duration.ofMillis(1_100))
                .build();

        assertThatThrownBy(() -> policies.callIdempotent(() -> hanging(SECOND)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("call: exceeded 50ms (what was left of the total deadline)");

        assertThat(attempts).isEqualTo(2);
        assertThat(breaker.failures()).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.CLOSED);
    }

    @Test
    void aTimeoutOfInnerPoliciesIsAFailureForAnOuterBreaker() {
        CircuitBreaker outer = CircuitBreaker.of("checkout", CircuitBreakerConfig.defaults(), time);
        Policies inner = policies()
                .retry(retry)
                .circuitBreaker(breaker)
                .attemptTimeout(SECOND)
                .deadline(Duration.ofMillis(1_100))
                .build();

        assertThatThrownBy(() -> outer.call(() -> inner.callIdempotent(() -> hanging(SECOND))))
                .isInstanceOf(CallTimeoutException.class);

        assertThat(outer.failures()).isEqualTo(1);
        assertThat(breaker.failures()).as("the attempt with its full time").isEqualTo(1);
    }

    @Test
    void aTimeoutOfInnerPoliciesIsAFailureForTheBreakerOfOuterOnesWithTheSameDeadline() {
        Deadline request = Deadline.after(Duration.ofMillis(500), time);
        CircuitBreaker outerBreaker = CircuitBreaker.of("checkout", CircuitBreakerConfig.defaults(), time);
        Policies outer = policies().circuitBreaker(outerBreaker).build();
        Policies inner = policies().attemptTimeout(SECOND).build().within(request);

        assertThatThrownBy(() -> outer.call(() -> inner.call(() -> hanging(SECOND))))
                .isInstanceOf(CallTimeoutException.class);

        assertThat(outerBreaker.failures()).isEqualTo(1);
    }

    @Test
    void aCallThatIsCutOffKeepsItsSlotUntilItReturns() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, Duration.ZERO);
        Policies policies = policies().attemptTimeout(SECOND).bulkhead(bulkhead).build();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);

        assertThatThrownBy(() -> policies.call(() -> {
                    time.advance(SECOND);
                    release.await();
                    returned.countDown();
                    return "late";
                }))
                .isInstanceOf(CallTimeoutException.class);
        assertThat(bulkhead.available()).isZero();
        assertThatThrownBy(() -> policies.call(() -> "next")).isInstanceOf(BulkheadFullException.class);

        release.countDown();
        assertThat(returned.await(30, TimeUnit.SECONDS)).isTrue();
        Await.until("the slot is free", () -> bulkhead.available() > 0);
        assertThat(policies.call(() -> "next")).isEqualTo("next");
    }

    @Test
    void noRetryBeginsAfterTheDeadline() {
        Policies policies =
                policies().retry(retry).deadline(Duration.ofMillis(160)).build();

        assertThatThrownBy(() -> policies.callIdempotent(this::failing)).hasMessage("attempt 3");
    }

    @Test
    void theDeadlineOfARequestBoundsTheCallsMadeForIt() {
        Policies policies = policies()
                .circuitBreaker(breaker)
                .deadline(Duration.ofMinutes(1))
                .build();
        Deadline request = Deadline.after(SECOND, time);

        assertThatThrownBy(() -> policies.within(request).call(() -> hanging(SECOND)))
                .isInstanceOf(CallTimeoutException.class);
        assertThatThrownBy(() -> policies.within(request).call(this::failing)).isInstanceOf(CallTimeoutException.class);

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void aPermitThatWouldComeAfterTheDeadlineIsRefusedAtOnce() throws Exception {
        RateLimiter limiter = RateLimiter.builder("payments", 1, Duration.ofSeconds(10))
                .maxWait(Duration.ofMinutes(1))
                .ticker(time)
                .sleeper(time::advance)
                .build();
        Policies policies = policies()
                .circuitBreaker(breaker)
                .rateLimiter(limiter)
                .deadline(SECOND)
                .build();

        assertThat(policies.call(() -> "made")).isEqualTo("made");
        assertThatThrownBy(() -> policies.call(this::failing)).isInstanceOf(RateLimitExceededException.class);

        assertThat(attempts).isZero();
        assertThat(breaker.failures()).isZero();
    }

    @Test
    void aTimeoutWhileWaitingForASlotIsARejection() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, Duration.ofMinutes(1));
        Policies policies = policies()
                .circuitBreaker(breaker)
                .attemptTimeout(SECOND)
                .bulkhead(bulkhead)
                .build();
        FutureTask<String> queued = new FutureTask<>(() -> policies.call(this::failing));

        bulkhead.call(() -> {
            Thread.ofVirtual().start(queued);
            Await.until("a call waits", () -> bulkhead.waiting() > 0);
            // The timer is set a moment after the call is counted as waiting.
            Await.until("the queued call has ended", () -> {
                time.advance(SECOND);
                return queued.isDone();
            });
            assertThatThrownBy(() -> queued.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(BulkheadFullException.class);
            return "";
        });

        assertThat(breaker.failures()).isZero();
        assertThat(attempts).isZero();
    }

    @Test
    void aTimeoutNeedsAScheduler() {
        assertThatThrownBy(() -> Policies.builder()
                        .deadline(Duration.ZERO)
                        .attemptTimeout(SECOND)
                        .build())
                .hasMessage("""
                    policies.deadline: PT0S; allowed is PT0.001S to PT24H
                    policies.scheduler: none; allowed is one, if there is a deadline or an attempt timeout\
                    """);
        assertThatThrownBy(() -> Policies.builder().build().within(Deadline.after(SECOND, time)))
                .hasMessage("policies.scheduler: none; a deadline needs one");
    }
}
