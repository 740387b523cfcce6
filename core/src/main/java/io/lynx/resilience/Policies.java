package io.lynx.resilience;

import static io.lynx.resilience.CallTimeoutException.Scope.ATTEMPT;
import static io.lynx.resilience.CallTimeoutException.Scope.CALL;
import static io.lynx.resilience.CallTimeoutException.Scope.REST_OF_CALL;

import io.lynx.resilience.CallTimeoutException.Scope;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
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
 *   <li>The deadline is passed down: no wait or attempt inside exceeds it. An attempt that the policies' own deadline cuts
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
    private final @Nullable Duration totalTimeout;
    private final @Nullable Deadline outerDeadline;
    private final @Nullable Retry retry;
    private final @Nullable CircuitBreaker breaker;
    private final @Nullable RateLimiter rateLimiter;
    private final @Nullable Duration attemptTimeout;
    private final @Nullable Bulkhead bulkhead;
    private final Ticker ticker;
    private final @Nullable Scheduler scheduler;
    private final boolean isInterrupting;

    private Policies(Builder builder, @Nullable Deadline outerDeadline) {
        this.totalTimeout = builder.deadline;
        this.outerDeadline = outerDeadline;
        this.retry = builder.retry;
        this.breaker = builder.breaker;
        this.rateLimiter = builder.rateLimiter;
        this.attemptTimeout = builder.attemptTimeout;
        this.bulkhead = builder.bulkhead;
        this.ticker = builder.ticker;
        this.scheduler = builder.scheduler;
        this.isInterrupting = builder.isInterrupting;
    }

    private Policies(Policies policies, Deadline outerDeadline) {
        this.totalTimeout = policies.totalTimeout;
        this.outerDeadline =
                policies.outerDeadline == null ? outerDeadline : policies.outerDeadline.earliest(outerDeadline);
        this.retry = policies.retry;
        this.breaker = policies.breaker;
        this.rateLimiter = policies.rateLimiter;
        this.attemptTimeout = policies.attemptTimeout;
        this.bulkhead = policies.bulkhead;
        this.ticker = policies.ticker;
        this.scheduler = policies.scheduler;
        this.isInterrupting = policies.isInterrupting;
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
        if (scheduler == null) {
            throw new IllegalStateException("policies.scheduler: none; a deadline needs one");
        }
        return new Policies(this, deadline);
    }

    /**
     * Makes a call once; it is not retried, since it may have been carried out although it failed.
     *
     * @throws CallRejectedException if a policy rejects it
     * @throws CallTimeoutException if it exceeds its time
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return attempt(callable, deadline());
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
        Deadline deadline = deadline();
        return retry == null ? attempt(callable, deadline) : retry.call(() -> attempt(callable, deadline), deadline);
    }

    /** Makes a call that may be made twice, and returns a value of {@code fallback} if it fails. */
    public <T> T callIdempotent(Callable<T> callable, Fallback<T> fallback) throws Exception {
        return fallback.call(() -> callIdempotent(callable));
    }

    private @Nullable Deadline deadline() {
        Deadline own = totalTimeout == null ? null : Deadline.after(totalTimeout, ticker);
        if (own == null || outerDeadline == null) {
            return own == null ? outerDeadline : own;
        }
        return own.earliest(outerDeadline);
    }

    private <T> T attempt(Callable<T> callable, @Nullable Deadline deadline) throws Exception {
        Object attempt = new Object();
        requireTime(deadline, attempt);
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

    private static void resolve(Permit permit, Throwable failure, Object attempt) {
        if (failure instanceof CallTimeoutException timeout && timeout.isCutShortBy(attempt)) {
            permit.ignore();
        } else {
            permit.failure(failure);
        }
    }

    private static void requireTime(@Nullable Deadline deadline, Object attempt) {
        if (deadline != null && deadline.isExpired()) {
            throw new CallTimeoutException(Duration.ZERO, REST_OF_CALL, attempt, null);
        }
    }

    private <T> T limited(Callable<T> callable, @Nullable Deadline deadline, Object attempt) throws Exception {
        if (rateLimiter != null) {
            rateLimiter.acquire(deadline == null ? Long.MAX_VALUE : deadline.remainingNanos());
        }
        TimeLimit limit = limit(deadline, attempt);
        if (limit == null) {
            return bulkhead == null ? callable.call() : bulkhead.call(callable);
        }
        if (bulkhead == null) {
            return limit.call(callable, isInterrupting);
        }
        long begun = ticker.nanos();
        Bulkhead.Slot slot = bulkhead.acquire(limit.scheduler(), limit.timeout());
        return runIn(slot, limit.after(ticker.nanos() - begun), callable);
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
                    isInterrupting);
        } finally {
            if (isTaken.compareAndSet(false, true)) {
                slot.close();
            }
        }
    }

    /** Returns the limit of an attempt that begins now; null if it has none. */
    private @Nullable TimeLimit limit(@Nullable Deadline deadline, Object attempt) {
        requireTime(deadline, attempt);
        Duration remaining = deadline == null ? null : deadline.remaining();
        if (remaining == null) {
            return attemptTimeout == null ? null : limit(attemptTimeout, ATTEMPT, attempt);
        }
        if (attemptTimeout == null) {
            return limit(remaining, CALL, attempt);
        }
        return attemptTimeout.compareTo(remaining) <= 0
                ? limit(attemptTimeout, ATTEMPT, attempt)
                : limit(remaining, REST_OF_CALL, attempt);
    }

    private TimeLimit limit(Duration timeout, Scope scope, Object attempt) {
        return new TimeLimit(timeout, scope, attempt, scheduler());
    }

    private Scheduler scheduler() {
        if (scheduler == null) {
            throw new IllegalStateException("policies.scheduler: none; time limits and asynchronous calls need one");
        }
        return scheduler;
    }

    /**
     * Starts an asynchronous call once; it is not retried. Rejections and time-outs fail the returned stage. When a time limit
     * expires, the call's own stage is cancelled only with {@link Builder#interruptOnTimeout}.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call) {
        return attemptAsync(call, deadline());
    }

    /**
     * Starts an asynchronous call that may be made twice, so it is retried. Further attempts are started on the scheduler's
     * threads, so that {@code call} must not block.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public <T> CompletionStage<T> callIdempotentAsync(Callable<? extends CompletionStage<T>> call) {
        Deadline deadline = deadline();
        return retry == null
                ? attemptAsync(call, deadline)
                : retry.callAsync(() -> attemptAsync(call, deadline), scheduler(), deadline);
    }

    private <T> CompletableFuture<T> attemptAsync(
            Callable<? extends CompletionStage<T>> call, @Nullable Deadline deadline) {
        Object attempt = new Object();
        Scheduler timer = scheduler();
        Permit permit;
        try {
            requireTime(deadline, attempt);
            permit = breaker == null ? null : breaker.acquire();
        } catch (CallTimeoutException | CallRejectedException refused) {
            return AsyncCalls.failed(refused);
        }
        return AsyncCalls.start(() -> limitedAsync(call, deadline, attempt, timer), (_, failure) -> {
            if (permit == null) {
                return;
            }
            if (failure == null) {
                permit.success();
            } else {
                resolve(permit, FailureClassifier.unwrap(failure), attempt);
            }
        });
    }

    @SuppressWarnings("NullAway") // It does not infer that the type argument is nullable.
    private <T> CompletableFuture<T> limitedAsync(
            Callable<? extends CompletionStage<T>> call, @Nullable Deadline deadline, Object attempt, Scheduler timer) {
        CompletableFuture<@Nullable Void> turn = rateLimiter == null
                ? CompletableFuture.<@Nullable Void>completedFuture(null)
                : rateLimiter.acquireAsync(timer, deadline == null ? Long.MAX_VALUE : deadline.remainingNanos());
        return AsyncCalls.after(turn, _ -> {
            TimeLimit limit = limit(deadline, attempt);
            if (bulkhead == null) {
                return timedAsync(call, limit);
            }
            long begun = ticker.nanos();
            Duration most = limit == null ? Duration.ofHours(1) : limit.timeout();
            return AsyncCalls.after(
                    bulkhead.acquireAsync(timer, most),
                    slot -> timedAsync(
                            () -> AsyncCalls.start(call, (_, _) -> slot.close()),
                            limit == null ? null : limit.after(ticker.nanos() - begun)));
        });
    }

    private <T> CompletionStage<T> timedAsync(Callable<? extends CompletionStage<T>> call, @Nullable TimeLimit limit) {
        return limit == null ? AsyncCalls.start(call) : limit.callAsync(call, isInterrupting);
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
            return new Policies(this, null);
        }
    }
}
