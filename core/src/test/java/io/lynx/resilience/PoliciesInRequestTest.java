package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The policies around a call that is made for a request: they use what is left of its time, and end with it. */
class PoliciesInRequestTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final RequestScope request = RequestScope.of("r-1", Deadline.after(SECOND, time));
    private final List<Duration> waits = new ArrayList<>();
    private int attempts;

    private Retry.Builder retry() {
        return Retry.builder()
                .maxAttempts(10)
                .initialDelay(Duration.ofMillis(400))
                .random(() -> .999999)
                .budget(RetryBudget.of(10, 1000, time))
                .sleeper(wait -> {
                    waits.add(wait);
                    time.advance(wait);
                });
    }

    private String failing() throws IOException {
        attempts++;
        throw new IOException("attempt " + attempts);
    }

    @Test
    void startsNoRetryThatCannotFinish() {
        Retry retry = retry().build();

        assertThatThrownBy(() -> request.call(() -> retry.call(this::failing)))
                .isInstanceOf(IOException.class)
                .hasMessage("attempt 2");

        assertThat(waits).hasSize(1);
    }

    @Test
    void endsTheRetriesOfPoliciesWithoutALimitOfTheirOwnAtTheDeadline() {
        Policies policies =
                Policies.builder().ticker(time).retry(retry().build()).build();

        assertThatThrownBy(() -> request.call(() -> policies.callIdempotent(this::failing)))
                .isInstanceOf(IOException.class);
        time.advance(SECOND);

        assertThatThrownBy(() -> request.call(() -> policies.call(this::failing)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("what was left of the total deadline");
        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void makesTheCallOnTheCallersThreadIfOnlyTheRequestHasADeadline() throws Exception {
        Policies policies = Policies.builder().ticker(time).scheduler(time).build();
        Thread caller = Thread.currentThread();

        assertThat(request.call(() -> policies.call(Thread::currentThread))).isSameAs(caller);
    }

    @Test
    void shortensAnAttemptToWhatIsLeftWithoutAVerdictOfTheBreaker() {
        CircuitBreaker breaker = CircuitBreaker.of(
                "payments", CircuitBreakerConfig.builder().threshold(1).build(), time);
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .circuitBreaker(breaker)
                .attemptTimeout(Duration.ofSeconds(5))
                .build();

        assertThatThrownBy(() -> request.call(() -> policies.call(() -> {
                    time.advance(SECOND);
                    return hang();
                })))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessage("call: exceeded 1000ms (what was left of the total deadline)");
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.CLOSED);
    }

    private static String hang() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    @Test
    void bindsTheContextWithTheDeadlineOfTheCall() throws Exception {
        RequestScope unlimited = RequestScope.of("r-2", null);
        Policies detached =
                Policies.builder().ticker(time).scheduler(time).deadline(SECOND).build();
        Policies interrupting = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .attemptTimeout(SECOND)
                .interruptOnTimeout()
                .build();
        Callable<String> describes = () -> RequestContext.current().requestId() + " in "
                + RequestContext.current().deadline().orElseThrow().remaining().toMillis();

        assertThat(unlimited.call(() -> detached.call(describes))).isEqualTo("r-2 in 1000");
        assertThat(unlimited.call(() -> interrupting.call(describes))).isEqualTo("r-2 in 1000");
        assertThat(detached.call(describes)).isEqualTo(" in 1000");
    }

    @Test
    void limitsATimeLimiterToWhatIsLeft() {
        TimeLimiter limiter = TimeLimiter.of(Duration.ofSeconds(5), time, time);

        assertThatThrownBy(() -> request.call(() -> limiter.call(() -> {
                    time.advance(SECOND);
                    return hang();
                })))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("1000ms");
    }

    @Test
    void stopsWaitingForACallWhenTheRequestIsCancelled() throws Exception {
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .attemptTimeout(SECOND)
                .build();
        CountDownLatch isRunning = new CountDownLatch(1);
        FutureTask<String> call = new FutureTask<>(() -> request.call(() -> policies.call(() -> {
            isRunning.countDown();
            return hang();
        })));
        Thread thread = Thread.ofVirtual().start(call);
        isRunning.await();

        request.cancel();

        assertThatThrownBy(call::get).hasCauseInstanceOf(CallTimeoutException.class);
        assertThat(thread.isInterrupted()).isFalse();
        assertThat(time.pending()).isZero();
    }

    @Test
    void endsTheWaitBeforeARetryWhenTheRequestIsCancelled() throws Exception {
        RequestScope unlimited = RequestScope.of("r-2", null);
        CountDownLatch isWaiting = new CountDownLatch(1);
        Retry retry = Retry.builder()
                .budget(RetryBudget.of(10, 1000, time))
                .sleeper(_ -> {
                    isWaiting.countDown();
                    hang();
                })
                .build();
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            assertThatThrownBy(() -> unlimited.call(() -> retry.call(this::failing)))
                    .hasMessage("attempt 1");
            return Thread.interrupted();
        });
        Thread _ = Thread.ofVirtual().start(interrupted);
        isWaiting.await();

        unlimited.cancel();

        assertThat(interrupted.get()).isFalse();
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void endsTheWaitForABulkheadWhenTheRequestIsCancelled() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("db", 1, Duration.ofHours(1));
        Policies limited = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .attemptTimeout(Duration.ofMinutes(1))
                .bulkhead(bulkhead)
                .build();
        List<Callable<String>> calls =
                List.of(() -> bulkhead.call(() -> "never"), () -> limited.call(() -> "never"), () -> bulkhead.callAsync(
                                () -> CompletableFuture.completedFuture("never"), time)
                        .toCompletableFuture()
                        .get());

        try (Bulkhead.Slot _ = bulkhead.acquire()) {
            for (Callable<String> call : calls) {
                RequestScope unlimited = RequestScope.of("r-2", null);
                FutureTask<String> waiting = new FutureTask<>(() -> unlimited.call(call));
                Thread _ = Thread.ofVirtual().start(waiting);
                Await.until("the call waits", () -> bulkhead.waiting() == 1);

                unlimited.cancel();

                assertThatThrownBy(waiting::get)
                        .hasStackTraceContaining(BulkheadFullException.class.getName())
                        .hasStackTraceContaining("1 calls running when the request was cancelled");
                assertThat(bulkhead.waiting()).isZero();
            }
        }
        assertThat(time.pending()).isZero();
        assertThat(bulkhead.rejections()).isZero();
        assertThat(bulkhead.available()).isEqualTo(1);
    }

    @Test
    void endsTheWaitForARateLimiterWhenTheRequestIsCancelled() throws Exception {
        CountDownLatch isWaiting = new CountDownLatch(1);
        List<String> made = new ArrayList<>();
        RateLimiter limiter = RateLimiter.builder("api", 1, Duration.ofMinutes(1))
                .maxWait(Duration.ofHours(1))
                .ticker(time)
                .sleeper(_ -> {
                    isWaiting.countDown();
                    hang();
                })
                .build();
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .rateLimiter(limiter)
                .build();
        RequestScope unlimited = RequestScope.of("r-2", null);
        RequestScope asynchronous = RequestScope.of("r-3", null);
        limiter.acquire();

        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> unlimited.call(() -> limiter.call(() -> made.add("too early"))));
        Thread thread = Thread.ofVirtual().start(waiting);
        CompletableFuture<Boolean> turn = asynchronous.call(
                () -> policies.callAsync(() -> CompletableFuture.completedFuture(made.add("too early")))
                        .toCompletableFuture());
        isWaiting.await();
        unlimited.cancel();
        asynchronous.cancel();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(RateLimitExceededException.class);
        assertThatThrownBy(turn::get).hasCauseInstanceOf(RateLimitExceededException.class);
        assertThat(made).isEmpty();
        assertThat(thread.isInterrupted()).isFalse();
        assertThat(time.pending()).isZero();
    }

    @Test
    void endsThePauseOfAnAsynchronousRetryWhenTheRequestIsCancelled() throws Exception {
        RequestScope unlimited = RequestScope.of("r-2", null);
        Retry retry = Retry.builder().budget(RetryBudget.of(10, 1000, time)).build();

        CompletableFuture<String> called = unlimited.call(() -> retry.<String>callAsync(
                        () -> {
                            attempts++;
                            return CompletableFuture.failedFuture(new IOException("attempt " + attempts));
                        },
                        time)
                .toCompletableFuture());
        assertThat(time.pending()).isEqualTo(1);
        unlimited.cancel();

        assertThatThrownBy(called::get).hasRootCauseMessage("attempt 1");
        assertThat(time.pending()).isZero();
        assertThat(retry.retries()).isZero();
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void waitsForABulkheadAndARateLimiterNoLongerThanTheRequestLasts() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("db", 1, Duration.ofHours(1));
        RateLimiter limiter = RateLimiter.builder("api", 1, Duration.ofMinutes(1))
                .maxWait(Duration.ofMinutes(2))
                .ticker(time)
                .build();
        RequestScope expired = RequestScope.of("r-2", Deadline.after(Duration.ZERO, time));
        limiter.acquire();

        try (Bulkhead.Slot _ = bulkhead.acquire()) {
            assertThatThrownBy(() -> expired.call(() -> bulkhead.call(() -> "never")))
                    .isInstanceOf(BulkheadFullException.class);
        }
        assertThatThrownBy(() -> request.call(() -> limiter.call(() -> "never")))
                .isInstanceOf(RateLimitExceededException.class);
    }

    @Test
    void carriesTheContextThroughAsynchronousCalls() throws Exception {
        List<String> ids = new ArrayList<>();
        Bulkhead bulkhead = Bulkhead.of("db", 1, Duration.ofSeconds(1));
        Policies policies = Policies.builder()
                .ticker(time)
                .scheduler(time)
                .retry(Retry.builder()
                        .random(() -> .5)
                        .budget(RetryBudget.of(10, 1000, time))
                        .build())
                .bulkhead(bulkhead)
                .build();
        Bulkhead.Slot taken = bulkhead.acquire();

        CompletableFuture<String> called = request.call(() -> policies.callIdempotentAsync(() -> {
                    ids.add(RequestContext.current().requestId());
                    return ids.size() == 1
                            ? CompletableFuture.failedFuture(new IOException("down"))
                            : CompletableFuture.completedFuture("done");
                })
                .toCompletableFuture());
        taken.close();
        Await.until("the retry is scheduled", () -> !ids.isEmpty() && time.pending() > 0);
        time.advance(Duration.ofMillis(100));

        assertThat(called.get()).isEqualTo("done");
        assertThat(ids).containsExactly("r-1", "r-1");
    }

    @Test
    void failsAnAsynchronousCallWhenTheRequestIsCancelled() throws Exception {
        TimeLimiter limiter = TimeLimiter.of(SECOND, time, time);

        CompletableFuture<String> called = request.call(
                () -> limiter.<String>callAsync(CompletableFuture::new).toCompletableFuture());
        request.cancel();

        assertThatThrownBy(called::get).hasCauseInstanceOf(CallTimeoutException.class);
    }
}
