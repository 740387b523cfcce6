package io.lynx.resilience;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call again if it fails. Between attempts it waits for a random time up to a bound that doubles ("full jitter":
 * M. Brooker, Exponential Backoff And Jitter, 2015), or for longer if the failure says so. A {@link RetryBudget} bounds
 * all of its retries together. Rejections by our own policies, cancellations and errors are never retried. Waits and
 * calls on the caller's thread. Thread-safe.
 *
 * <p>Give it only calls that may be made twice: a call that failed may well have been carried out.
 */
public final class Retry {
    private final int maxAttempts;
    private final Duration initialDelay;
    private final Duration maxDelay;
    private final double multiplier;
    private final Predicate<? super Exception> retryable;
    private final Function<? super Exception, Optional<Duration>> retryAfter;
    private final RetryBudget budget;
    private final Sleeper sleeper;
    private final DoubleSupplier random;
    private final LongAdder retries = new LongAdder();

    private Retry(Builder builder, RetryBudget budget) {
        this.maxAttempts = builder.maxAttempts;
        this.initialDelay = builder.initialDelay;
        this.maxDelay = builder.maxDelay;
        this.multiplier = builder.multiplier;
        this.retryable = builder.retryable;
        this.retryAfter = builder.retryAfter;
        this.sleeper = builder.sleeper;
        this.random = builder.random;
        this.budget = budget;
    }

    /** Three attempts, 100 ms doubling up to 5 s, the standard budget. */
    public static Retry defaults() {
        return builder().build();
    }

    /** A builder that starts from the defaults. */
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
     * Makes a call that may be made twice, and does not begin to wait for an attempt that would come after the deadline.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws Exception what the last attempt threw
     */
    public <T> T call(Callable<T> idempotent, @Nullable Deadline deadline) throws Exception {
        budget.called();
        for (int attempt = 1; ; attempt++) {
            try {
                return idempotent.call();
            } catch (Exception e) {
                Duration delay = delay(attempt, e);
                if (attempt == maxAttempts || !isRetryable(e) || isTooLong(delay, deadline) || !budget.tryRetry()) {
                    throw e;
                }
                sleep(delay, e);
                retries.increment();
            }
        }
    }

    private boolean isRetryable(Exception failure) {
        return !FailureClassifier.isNoVerdict(failure) && retryable.test(failure);
    }

    /** A wait that was asked for and is too long is not made shorter: the call is given up. */
    private boolean isTooLong(Duration delay, @Nullable Deadline deadline) {
        return delay.compareTo(maxDelay) > 0 || (deadline != null && delay.compareTo(deadline.remaining()) >= 0);
    }

    private Duration delay(int attempt, Exception failure) {
        double bound =
                Math.min((double) maxDelay.toNanos(), initialDelay.toNanos() * Math.pow(multiplier, attempt - 1));
        Duration jittered = Duration.ofNanos((long) (random.getAsDouble() * bound));
        Duration asked = retryAfter.apply(failure).orElse(Duration.ZERO);
        return asked.compareTo(jittered) > 0 ? asked : jittered;
    }

    private void sleep(Duration delay, Exception failure) throws InterruptedException {
        try {
            sleeper.sleep(delay);
        } catch (InterruptedException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }

    /** Total of attempts after the first ones. */
    public long retries() {
        return retries.sum();
    }

    /** What bounds its retries. */
    public RetryBudget budget() {
        return budget;
    }

    /** Collects the values of a {@link Retry}. Not thread-safe. */
    public static final class Builder {
        private int maxAttempts = 3;
        private Duration initialDelay = Duration.ofMillis(100);
        private Duration maxDelay = Duration.ofSeconds(5);
        private double multiplier = 2;
        private Predicate<? super Exception> retryable = _ -> true;
        private Function<? super Exception, Optional<Duration>> retryAfter =
                failure -> failure instanceof RetryAfter known ? known.retryAfter() : Optional.empty();
        private @Nullable RetryBudget budget;
        private Sleeper sleeper = Sleeper.system();
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder() {}

        /** Attempts in all, the first included; 3 unless set. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /** The bound of the first wait; 100 ms unless set. */
        public Builder initialDelay(Duration duration) {
            this.initialDelay = duration;
            return this;
        }

        /** The bound of any wait; 5 s unless set. A failure that asks for a longer one is not retried. */
        public Builder maxDelay(Duration duration) {
            this.maxDelay = duration;
            return this;
        }

        /** Factor from one bound to the next; 2 unless set. */
        public Builder multiplier(double factor) {
            this.multiplier = factor;
            return this;
        }

        /** Which exceptions are worth another attempt; all unless set, and never rejections and cancellations. */
        public Builder retryWhen(Predicate<? super Exception> isRetryable) {
            this.retryable = isRetryable;
            return this;
        }

        /** How long a failure asks to wait; that of {@link RetryAfter} unless set. */
        public Builder retryAfter(Function<? super Exception, Optional<Duration>> asked) {
            this.retryAfter = asked;
            return this;
        }

        /** What bounds the retries, to share one between several; the standard one, unshared, unless set. */
        public Builder budget(RetryBudget retryBudget) {
            this.budget = retryBudget;
            return this;
        }

        /** How to wait; in real time unless set. */
        public Builder sleeper(Sleeper waiting) {
            this.sleeper = waiting;
            return this;
        }

        /** Where jitter comes from: numbers from 0 to below 1. */
        public Builder random(DoubleSupplier numbers) {
            this.random = numbers;
            return this;
        }

        /**
         * The retry.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public Retry build() {
            Problems problems = new Problems("retry");
            problems.unless(maxAttempts >= 1 && maxAttempts <= 100, "max_attempts", maxAttempts, "1 to 100");
            problems.within("initial_delay", initialDelay, Duration.ZERO, Duration.ofHours(1));
            problems.within("max_delay", maxDelay, initialDelay, Duration.ofHours(1));
            problems.unless(multiplier >= 1 && multiplier <= 100, "multiplier", multiplier, "1 to 100");
            problems.raise();
            return new Retry(this, budget == null ? RetryBudget.standard(Ticker.system()) : budget);
        }
    }
}
