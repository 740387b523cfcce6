package io.lynx.resilience;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The policies around the calls to one service, composed in this order: fallback → total deadline → retry → circuit breaker →
 * rate limiter → bulkhead → attempt timeout → call. Each may be left out.
 *
 * <ul>
 *   <li>The breaker is inside the retry, so each attempt counts and an open breaker ends the retries.
 *   <li>Rate limiter and bulkhead are inside the breaker; their rejections return its permit without a verdict.
 *   <li>The deadline is passed down: no wait or attempt inside exceeds it, nor the deadline of the request that the call is
 *       made for ({@link io.lynx.context.RequestContext}). An attempt that the policies' own deadline cuts
 *       short of the attempt timeout returns the permit without a verdict too; without an attempt timeout, or to a breaker
 *       around these policies, it is a failure.
 *   <li>The attempt timeout includes the time in the bulkhead's queue. If it expires there, that is a rejection.
 * </ul>
 *
 * <p>With a deadline or an attempt timeout, the call runs on a thread of its own and is not interrupted, as {@link
 * TimeLimiter} describes; it holds its bulkhead slot until it returns. Without them, and with {@link
 * Builder#interruptOnTimeout}, everything runs on the caller's thread. Immutable and thread-safe.
 */
public final class Policies {
    private final CallLimits limits;
    private final @Nullable Retry retry;
    private final @Nullable CircuitBreaker breaker;
    private final @Nullable RateLimiter rateLimiter;
    private final @Nullable Bulkhead bulkhead;

    private Policies(
            CallLimits limits,
            @Nullable Retry retry,
            @Nullable CircuitBreaker breaker,
            @Nullable RateLimiter rateLimiter,
            @Nullable Bulkhead bulkhead) {
        this.limits = limits;
        this.retry = retry;
        this.breaker = breaker;
        this.rateLimiter = rateLimiter;
        this.bulkhead = bulkhead;
    }

    /** Returns a builder with no policy. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the same policies with a total deadline that is {@code deadline} at the latest, for the calls made to answer one
     * request.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public Policies within(Deadline deadline) {
        return new Policies(limits.within(deadline), retry, breaker, rateLimiter, bulkhead);
    }

    /**
     * Makes a call once; it is not retried, since it may have been carried out although it failed.
     *
     * @throws CallRejectedException if a policy rejects it
     * @throws CallTimeoutException if it exceeds its time
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return attempt(callable, limits.deadline());
    }

    /** Makes a call once, and returns a value of {@code fallback} if it fails. */
    public <T> T call(Callable<T> callable, Fallback<T> fallback) throws Exception {
        return fallback.call(() -> call(callable));
    }

    /**
     * Makes a call that may be made twice, so it is retried.
     *
     * @throws CallRejectedException if a policy rejects it
     * @throws CallTimeoutException if it exceeds its time
     * @throws Exception what the last attempt threw
     */
    public <T> T callIdempotent(Callable<T> callable) throws Exception {
        Deadline deadline = limits.deadline();
        return retry == null ? attempt(callable, deadline) : retry.call(() -> attempt(callable, deadline), deadline);
    }

    /** Makes a call that may be made twice, and returns a value of {@code fallback} if it fails. */
    public <T> T callIdempotent(Callable<T> callable, Fallback<T> fallback) throws Exception {
        return fallback.call(() -> callIdempotent(callable));
    }

    private <T> T attempt(Callable<T> callable, @Nullable Deadline deadline) throws Exception {
        Object attempt = new Object();
        CallLimits.requireTime(deadline, attempt);
        if (breaker == null) {
            return limited(callable, deadline, attempt);
        }
        Permit permit = breaker.acquire();
        T value;
        try {
            value = limited(callable, deadline, attempt);
        } catch (Exception | Error failure) {
            resolve(permit, failure, attempt);
            throw failure;
        }
        permit.success();
        return value;
    }

    /** Reports a failed attempt; one that the policies' own deadline cut short is no verdict. */
    static void resolve(Permit permit, Throwable failure, Object attempt) {
        if (failure instanceof CallTimeoutException timeout && timeout.isCutShortBy(attempt)) {
            permit.ignore();
        } else {
            permit.failure(failure);
        }
    }

    private <T> T limited(Callable<T> callable, @Nullable Deadline deadline, Object attempt) throws Exception {
        if (rateLimiter != null) {
            rateLimiter.acquire(deadline == null ? Long.MAX_VALUE : deadline.remainingNanos());
        }
        TimeLimit limit = limits.limit(deadline, attempt);
        if (limit == null) {
            return bulkhead == null ? callable.call() : bulkhead.call(callable);
        }
        if (bulkhead == null) {
            return limit.call(callable, limits.isInterrupting());
        }
        long begun = limits.ticker().nanos();
        Bulkhead.Slot slot = bulkhead.acquire(limit.scheduler(), limit.timeout());
        return runIn(slot, limit.after(limits.ticker().nanos() - begun), callable);
    }

    /** Makes a call that holds its slot until it has ended, even if its caller has stopped waiting by then. */
    private <T> T runIn(Bulkhead.Slot slot, TimeLimit limit, Callable<T> callable) throws Exception {
        AtomicBoolean isTaken = new AtomicBoolean();
        try {
            return limit.call(
                    () -> {
                        if (!isTaken.compareAndSet(false, true)) {
                            throw new CancellationException("the caller stopped waiting before the call began");
                        }
                        try (slot) {
                            return callable.call();
                        }
                    },
                    limits.isInterrupting());
        } finally {
            if (isTaken.compareAndSet(false, true)) {
                slot.close();
            }
        }
    }

    /**
     * Starts an asynchronous call once; it is not retried. Rejections and time-outs fail the returned stage. When a time limit
     * expires, the call's own stage is cancelled only with {@link Builder#interruptOnTimeout}.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call) {
        return async().attempt(call, limits.deadline());
    }

    /**
     * Starts an asynchronous call that may be made twice, so it is retried. Further attempts are started on the scheduler's
     * threads, so that {@code call} must not block.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public <T> CompletionStage<T> callIdempotentAsync(Callable<? extends CompletionStage<T>> call) {
        Deadline deadline = limits.deadline();
        AsyncAttempts attempts = async();
        return retry == null
                ? attempts.attempt(call, deadline)
                : retry.callAsync(() -> attempts.attempt(call, deadline), limits.requireScheduler(), deadline);
    }

    private AsyncAttempts async() {
        return new AsyncAttempts(limits, breaker, rateLimiter, bulkhead);
    }

    /** Collects {@link Policies}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Duration deadline;
        private @Nullable Retry retry;
        private @Nullable CircuitBreaker breaker;
        private @Nullable RateLimiter rateLimiter;
        private @Nullable Duration attemptTimeout;
        private @Nullable Bulkhead bulkhead;
        private Ticker ticker = Ticker.system();
        private @Nullable Scheduler scheduler;
        private boolean isInterrupting;

        private Builder() {}

        /** Sets the time that all attempts and waits together may take. */
        public Builder deadline(Duration total) {
            this.deadline = total;
            return this;
        }

        /** Sets how calls that may be made twice are retried. */
        public Builder retry(Retry policy) {
            this.retry = policy;
            return this;
        }

        /** Sets the breaker, which accepts or rejects each attempt. */
        public Builder circuitBreaker(CircuitBreaker policy) {
            this.breaker = policy;
            return this;
        }

        /** Sets the rate limiter of attempts. */
        public Builder rateLimiter(RateLimiter policy) {
            this.rateLimiter = policy;
            return this;
        }

        /** Sets the time that an attempt may take, its time in the bulkhead's queue included. */
        public Builder attemptTimeout(Duration timeout) {
            this.attemptTimeout = timeout;
            return this;
        }

        /** Sets the bulkhead, which bounds the number of attempts at the same time. */
        public Builder bulkhead(Bulkhead policy) {
            this.bulkhead = policy;
            return this;
        }

        /** Sets the clock of the deadline; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** Sets what runs time-outs; needed for a deadline, an attempt timeout and asynchronous calls. */
        public Builder scheduler(Scheduler timer) {
            this.scheduler = timer;
            return this;
        }

        /** Makes calls on the caller's thread, and interrupts them when their time is over. */
        public Builder interruptOnTimeout() {
            this.isInterrupting = true;
            return this;
        }

        /**
         * Returns the policies.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public Policies build() {
            Problems problems = new Problems("policies");
            Duration least = Duration.ofMillis(1);
            Duration most = Duration.ofDays(1);
            if (deadline != null) {
                problems.within("deadline", deadline, least, most);
            }
            if (attemptTimeout != null) {
                problems.within("attempt_timeout", attemptTimeout, least, most);
            }
            problems.unless(
                    scheduler != null || (deadline == null && attemptTimeout == null),
                    "scheduler",
                    "none",
                    "one, if there is a deadline or an attempt timeout");
            problems.raise();
            CallLimits limits = new CallLimits(deadline, null, attemptTimeout, ticker, scheduler, isInterrupting);
            return new Policies(limits, retry, breaker, rateLimiter, bulkhead);
        }
    }
}
