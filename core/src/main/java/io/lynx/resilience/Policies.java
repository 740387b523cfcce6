package io.lynx.resilience;

import static io.lynx.resilience.CallTimeoutException.Scope.ATTEMPT;
import static io.lynx.resilience.CallTimeoutException.Scope.CALL;
import static io.lynx.resilience.CallTimeoutException.Scope.REST_OF_CALL;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The policies around the calls to one thing, in the one order that makes sense of them together: fallback → total
 * deadline → retry → circuit breaker → rate limiter → attempt timeout → bulkhead → call. Each may be left out.
 *
 * <ul>
 *   <li>The breaker is inside the retry, so each attempt counts and an open breaker ends the retries.
 *   <li>Limiter and bulkhead are inside the breaker and their rejections give back its permit without a verdict.
 *   <li>The deadline is passed down: no wait or attempt inside goes beyond it. An attempt that it cuts short of the
 *       attempt timeout says nothing to the breaker; without an attempt timeout, the breaker counts it as a failure.
 *   <li>Time that an attempt spends in the bulkhead's queue is not what was called's fault: if it runs out there, that is
 *       a rejection.
 * </ul>
 *
 * All of it runs on the caller's thread. Immutable and thread-safe.
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
    }

    /** A builder with no policy. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The same policies, the total deadline being {@code deadline} at the latest; for the calls made to answer one
     * request.
     *
     * @throws IllegalStateException if there is no scheduler
     */
    public Policies within(Deadline deadline) {
        if (scheduler == null) {
            throw new IllegalStateException("policies.deadline: no scheduler; a deadline needs one");
        }
        return new Policies(this, deadline);
    }

    /**
     * Makes a call once; it is not retried, as it may have been carried out although it failed.
     *
     * @throws CallRejectedException if a policy refuses it
     * @throws CallTimeoutException if it takes too long
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return attempt(callable, deadline());
    }

    /** Makes a call once, and takes a value from {@code fallback} if that fails. */
    public <T> T call(Callable<T> callable, Fallback<T> fallback) throws Exception {
        return fallback.call(() -> call(callable));
    }

    /**
     * Makes a call that may be made twice, so it is retried.
     *
     * @throws CallRejectedException if a policy refuses it
     * @throws CallTimeoutException if it takes too long
     * @throws Exception what the last attempt threw
     */
    public <T> T callIdempotent(Callable<T> callable) throws Exception {
        Deadline deadline = deadline();
        return retry == null ? attempt(callable, deadline) : retry.call(() -> attempt(callable, deadline), deadline);
    }

    /** Makes a call that may be made twice, and takes a value from {@code fallback} if that fails. */
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
        if (deadline != null && deadline.isExpired()) {
            throw new CallTimeoutException(Duration.ZERO, REST_OF_CALL, null);
        }
        return breaker == null ? limited(callable, deadline) : breaker.call(() -> limited(callable, deadline));
    }

    private <T> T limited(Callable<T> callable, @Nullable Deadline deadline) throws Exception {
        if (rateLimiter != null) {
            rateLimiter.acquire(deadline == null ? Long.MAX_VALUE : deadline.remainingNanos());
        }
        Duration remaining = deadline == null ? null : deadline.remaining();
        if (remaining == null) {
            return attemptTimeout == null ? queued(callable) : timed(callable, attemptTimeout, ATTEMPT);
        }
        if (remaining.isZero()) {
            throw new CallTimeoutException(Duration.ZERO, REST_OF_CALL, null);
        }
        if (attemptTimeout == null) {
            return timed(callable, remaining, CALL);
        }
        return attemptTimeout.compareTo(remaining) <= 0
                ? timed(callable, attemptTimeout, ATTEMPT)
                : timed(callable, remaining, REST_OF_CALL);
    }

    private <T> T timed(Callable<T> callable, Duration timeout, CallTimeoutException.Scope scope) throws Exception {
        if (scheduler == null) {
            throw new IllegalStateException("policies: a timeout without a scheduler");
        }
        Started<T> started = new Started<>(callable);
        try {
            return TimeLimiter.call(() -> queued(started), scheduler, timeout, scope);
        } catch (CallTimeoutException e) {
            if (bulkhead != null && !started.hasStarted) {
                throw new BulkheadFullException(bulkhead.name(), bulkhead.limit(), timeout);
            }
            throw e;
        }
    }

    private <T> T queued(Callable<T> callable) throws Exception {
        return bulkhead == null ? callable.call() : bulkhead.call(callable);
    }

    /** A call that knows whether it has begun. Used by one thread. */
    private static final class Started<T> implements Callable<T> {
        private final Callable<T> callable;
        private boolean hasStarted;

        Started(Callable<T> callable) {
            this.callable = callable;
        }

        @Override
        public T call() throws Exception {
            hasStarted = true;
            return callable.call();
        }
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

        private Builder() {}

        /** All attempts and waits together take this long at most. */
        public Builder deadline(Duration total) {
            this.deadline = total;
            return this;
        }

        /** Calls that may be made twice are. */
        public Builder retry(Retry policy) {
            this.retry = policy;
            return this;
        }

        /** Attempts are made only while the breaker admits them. */
        public Builder circuitBreaker(CircuitBreaker policy) {
            this.breaker = policy;
            return this;
        }

        /** Attempts take turns. */
        public Builder rateLimiter(RateLimiter policy) {
            this.rateLimiter = policy;
            return this;
        }

        /** An attempt takes this long at most, its time in the bulkhead's queue included. */
        public Builder attemptTimeout(Duration timeout) {
            this.attemptTimeout = timeout;
            return this;
        }

        /** So many attempts run at a time. */
        public Builder bulkhead(Bulkhead policy) {
            this.bulkhead = policy;
            return this;
        }

        /** The clock of the deadline; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** What interrupts attempts; needed for a deadline and for an attempt timeout. */
        public Builder scheduler(Scheduler timer) {
            this.scheduler = timer;
            return this;
        }

        /**
         * The policies.
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
