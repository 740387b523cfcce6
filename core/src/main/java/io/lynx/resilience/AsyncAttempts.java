package io.lynx.resilience;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The attempts of asynchronous calls through the circuit breaker and what is inside it. Immutable and thread-safe. */
record AsyncAttempts(
        CallLimits limits,
        @Nullable CircuitBreaker breaker,
        @Nullable RateLimiter rateLimiter,
        @Nullable Bulkhead bulkhead) {
    /** Makes an attempt; rejections and time-outs fail the returned future. */
    <T> CompletableFuture<T> attempt(Callable<? extends CompletionStage<T>> call, @Nullable Deadline deadline) {
        Object attempt = new Object();
        Scheduler timer = limits.requireScheduler();
        Permit permit;
        try {
            CallLimits.requireTime(deadline, attempt);
            permit = breaker == null ? null : breaker.acquire();
        } catch (CallTimeoutException | CallRejectedException refused) {
            return AsyncCalls.failed(refused);
        }
        return AsyncCalls.start(() -> limited(call, deadline, attempt, timer), (_, failure) -> {
            if (permit == null) {
                return;
            }
            if (failure == null) {
                permit.success();
            } else {
                Policies.resolve(permit, FailureClassifier.unwrap(failure), attempt);
            }
        });
    }

    @SuppressWarnings("NullAway") // It does not infer that the type argument is nullable.
    private <T> CompletableFuture<T> limited(
            Callable<? extends CompletionStage<T>> call, @Nullable Deadline deadline, Object attempt, Scheduler timer) {
        CompletableFuture<@Nullable Void> turn = rateLimiter == null
                ? CompletableFuture.<@Nullable Void>completedFuture(null)
                : rateLimiter.acquireAsync(timer, deadline == null ? Long.MAX_VALUE : deadline.remainingNanos());
        return AsyncCalls.after(turn, _ -> {
            TimeLimit limit = limits.limit(deadline, attempt);
            if (bulkhead == null) {
                return timed(call, limit);
            }
            long begun = limits.ticker().nanos();
            Duration most = limit == null ? Duration.ofHours(1) : limit.timeout();
            return AsyncCalls.after(
                    bulkhead.acquireAsync(timer, most),
                    slot -> timed(
                            () -> AsyncCalls.start(call, (_, _) -> slot.close()),
                            limit == null ? null : limit.after(limits.ticker().nanos() - begun)));
        });
    }

    private <T> CompletionStage<T> timed(Callable<? extends CompletionStage<T>> call, @Nullable TimeLimit limit) {
        return limit == null ? AsyncCalls.start(call) : limit.callAsync(call, limits.isInterrupting());
    }
}
