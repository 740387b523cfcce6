package io.lynx.resilience;

import io.lynx.context.RequestContext;
import io.lynx.extension.ExtensionPoint;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Sleeper;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call again if it fails. Between attempts it waits for a random time up to a bound that doubles, or for longer if
 * the failure says so. A {@link RetryBudget} bounds all retries together: by default 20 % of the calls and 10 a second, so
 * that a large {@code maxAttempts} is not reached when every call fails. Rejections by our own policies, cancellations and
 * errors are never retried. Thread-safe.
 *
 * <p>Use it only for calls that may be made twice: a call that failed may have been carried out.
 *
 * <p>As a source of metrics it reports its retries, and those that the budget denied, under its name.
 */
public final class Retry implements MetricSource {
    private final String name;
    private final RetryDecision decision;
    private final Sleeper sleeper;
    private final LongAdder retries = new LongAdder();

    private Retry(String name, RetryDecision decision, Sleeper sleeper) {
        this.name = name;
        this.decision = decision;
        this.sleeper = sleeper;
    }

    /** Returns the defaults: three attempts, 100 ms doubling up to 5 s, the standard budget. */
    public static Retry defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a call that may be made twice.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws Exception what the last attempt threw
     */
    public <T> T call(Callable<T> idempotent) throws Exception {
        return call(idempotent, null);
    }

    /**
     * Makes a call that may be made twice, and does not wait for an attempt that would start after the deadline, or after that of the
     * request that the call is made for.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws Exception what the last attempt threw
     */
    public <T> T call(Callable<T> idempotent, @Nullable Deadline deadline) throws Exception {
        decision.called();
        Deadline last = CallLimits.ofRequest(deadline);
        for (int attempt = 1; ; attempt++) {
            Duration delay;
            try {
                T result = idempotent.call();
                delay = decision.delayAfterResult(attempt, result, last);
                if (delay == null || !sleep(delay)) {
                    return result;
                }
            } catch (Exception failure) {
                delay = failure instanceof InterruptedException
                        ? null
                        : decision.delayAfterFailure(attempt, failure, last);
                if (delay == null || !sleep(delay, failure)) {
                    throw failure;
                }
            }
            retries.increment();
        }
    }

    /**
     * Starts an asynchronous call that may be made twice. Further attempts are started by {@code scheduler}, so that
     * {@code call} must not block.
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call, Scheduler scheduler) {
        return callAsync(call, scheduler, null);
    }

    /**
     * Starts an asynchronous call that may be made twice, and does not wait for an attempt that would start after the deadline, or after
     * that of the request that the call is made for.
     *
     * @param deadline null for that of the request alone
     */
    public <T> CompletableFuture<T> callAsync(
            Callable<? extends CompletionStage<T>> call, Scheduler scheduler, @Nullable Deadline deadline) {
        decision.called();
        return new AsyncRetry<>(decision, retries, call, scheduler, CallLimits.ofRequest(deadline)).start();
    }

    /** Waits before the next attempt; returns whether there is one: not if the request was cancelled meanwhile. */
    private boolean sleep(Duration delay) throws InterruptedException {
        return CancellableSleep.sleep(sleeper, delay)
                && !RequestContext.current().isCancelled();
    }

    private boolean sleep(Duration delay, Exception failure) throws InterruptedException {
        try {
            return sleep(delay);
        } catch (InterruptedException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }

    /** Adds {@code lynx_retries_total} and {@code lynx_retries_denied_total}, which carry the name. */
    @Override
    public void collect(Samples out) {
        out.add(Catalogue.RETRIES, (double) retries.sum(), name);
        out.add(Catalogue.RETRIES_DENIED, (double) decision.denied(), name);
    }

    /** Returns the total of attempts after the first ones. */
    public long retries() {
        return retries.sum();
    }

    /** Returns the total of attempts that the budget denied. */
    public long denied() {
        return decision.denied();
    }

    /** Collects the values of a {@link Retry}. Not thread-safe. */
    public static final class Builder {
        private String name = "retry";
        private int maxAttempts = 3;
        private Duration initialDelay = Duration.ofMillis(100);
        private Duration maxDelay = Duration.ofSeconds(5);
        private double multiplier = 2;
        private Predicate<? super Exception> retryable = _ -> true;
        private Predicate<? super @Nullable Object> retryableResult = _ -> false;
        private Function<? super Exception, Optional<Duration>> retryAfter =
                failure -> failure instanceof RetryAfter known ? known.retryAfter() : Optional.empty();
        private @Nullable RetryBudget budget;
        private Sleeper sleeper = Sleeper.system();
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder() {}

        /** Sets the name in log lines and metrics; {@code retry} unless set. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Sets the number of attempts, the first included, 1 to 100; 3 unless set. The budget may allow fewer. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /** Sets the bound of the first wait; 100 ms unless set. */
        public Builder initialDelay(Duration duration) {
            this.initialDelay = duration;
            return this;
        }

        /** Sets the bound of every wait; 5 s unless set. A failure that asks for a longer one is not retried. */
        public Builder maxDelay(Duration duration) {
            this.maxDelay = duration;
            return this;
        }

        /** Sets the factor from one bound to the next; 2 unless set. */
        public Builder multiplier(double factor) {
            this.multiplier = factor;
            return this;
        }

        /**
         * Sets which exceptions lead to another attempt; all unless set. The predicate receives the exception inside the
         * wrappers of futures and proxies, and never rejections and cancellations.
         */
        public Builder retryWhen(Predicate<? super Exception> isRetryable) {
            this.retryable = isRetryable;
            return this;
        }

        /** Sets which results lead to another attempt; none unless set. The last attempt's result is returned as it is. */
        public Builder retryWhenResult(Predicate<? super @Nullable Object> isRetryable) {
            this.retryableResult = isRetryable;
            return this;
        }

        /** Sets how long a failure asks to wait; that of {@link RetryAfter} unless set. */
        public Builder retryAfter(Function<? super Exception, Optional<Duration>> asked) {
            this.retryAfter = asked;
            return this;
        }

        /** Sets the budget, to share one between several retries; a standard budget of its own unless set. */
        public Builder budget(RetryBudget retryBudget) {
            this.budget = retryBudget;
            return this;
        }

        /** Sets how synchronous calls wait; in real time unless set. */
        public Builder sleeper(Sleeper waiting) {
            this.sleeper = waiting;
            return this;
        }

        /** Sets the source of jitter: numbers from 0 to below 1. */
        Builder random(DoubleSupplier numbers) {
            this.random = numbers;
            return this;
        }

        /**
         * Returns the retry.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public Retry build() {
            Problems problems = new Problems("retry");
            problems.unless(maxAttempts >= 1 && maxAttempts <= 100, "max_attempts", maxAttempts, "1 to 100");
            Backoff backoff = new Backoff(initialDelay, maxDelay, multiplier, random);
            backoff.check(problems);
            problems.raise();
            RetryDecision decision = new RetryDecision(
                    name,
                    maxAttempts,
                    backoff,
                    retryable,
                    retryableResult,
                    retryAfter,
                    budget == null ? RetryBudget.standard(Ticker.system()) : budget);
            return new Retry(name, decision, sleeper);
        }
    }

    /**
     * An exception that says when another attempt makes sense, such as an answer with the header {@code Retry-After} (RFC 9110,
     * 10.2.3). Implementations must be thread-safe.
     */
    @ExtensionPoint(thread = "the caller's thread", deadline = "none")
    public interface RetryAfter {
        /** Returns how long to wait at least; empty if that is not known. */
        Optional<Duration> retryAfter();
    }
}
